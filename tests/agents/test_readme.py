"""What the README shows of the library is run as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from support.embedded import scratch_state
from support.model_server import ModelServer, Reply

README = Path(__file__).parents[2] / "README.md"


def test_the_agent_of_the_readme_works_for_the_client_of_the_readme(tmp_path: Path) -> None:
    agent, client = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    script = [
        Reply.calls(("owner_of", {"path": "billing/x.py"}), ("read_skill", {"name": "billing-code"})),
        Reply.says("billing owns it"),
    ]
    with scratch_state(tmp_path / "state") as state, ModelServer(script) as server:
        asked = agent.replace("openai:gpt-5", server.model)
        assert asked != agent
        (tmp_path / "worker.py").write_text(f"{asked}\nimport asyncio\n\nasyncio.run(reviewer.run_worker())\n")
        body = "".join(f"    {line}\n" for line in client.splitlines())
        (tmp_path / "client.py").write_text(f"import asyncio\n\n\nasync def main():\n{body}\n\nasyncio.run(main())\n")
        environment = {**os.environ, "ARCHAEOLOGIST_STATE_DIR": str(state.path)}
        worker = subprocess.Popen([sys.executable, "worker.py"], cwd=tmp_path, env=environment)
        try:
            done = subprocess.run(
                [sys.executable, "client.py"],
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                text=True,
                timeout=90,
                check=False,
            )
        finally:
            worker.terminate()
            code = worker.wait(20)
    assert (done.stdout, done.returncode) == ("billing owns it\n", 0), done.stderr
    assert code == 0
    said = [message["content"] for message in server.bodies[1]["messages"] if message["role"] == "tool"]
    assert said == ["billing", "Amounts are integers in cents. Never round."]
