from __future__ import annotations

import json

import pytest

from archaeologist.domain.chat import AssistantMessage, Finish, SystemMessage, ToolCall, ToolMessage, UserMessage
from archaeologist.errors import ModelError, ModelTerminal, ModelUnavailable
from archaeologist.models.clients import close_clients
from archaeologist.models.dialect import Feature, lacks_of, remember
from archaeologist.models.naming import Endpoint, chat_model
from archaeologist.models.openai_chat import OpenAIChat
from support.conversations import BRIEF, PLAIN, VERDICT, WITH_BOTH, WITH_FORM, WITH_TOOLS, ask, ignore
from support.model_server import ModelServer, Reply

FEATURES = ["stream_options", "seed", "temperature", "max_tokens", "strict", "stream"]


TOLD = [("system", "You dig"), ("user", "Dig here"), ("user", "Now"), ("assistant", "Yes"), ("assistant", "I do")]


def trusting(server: ModelServer) -> OpenAIChat:
    """The server as if it were OpenAI's, which is taken to know everything."""
    return OpenAIChat(Endpoint("openai:scripted", f"scripted-{server.number}", server.url, "sk-none", trusted=True))


@pytest.mark.parametrize("lacking", FEATURES)
@pytest.mark.parametrize("code", [400, 404, 422, 501])
async def test_what_a_server_refuses_is_left_out_from_then_on(lacking: str, code: int) -> None:
    with ModelServer([Reply.says("a"), Reply.says("b")], lacks=[lacking], refusal_code=code) as server:
        first, second = await ask(server, WITH_TOOLS), await ask(server, WITH_TOOLS)
    assert (first.message.content, second.message.content) == ("a", "b")
    assert len(server.refused) == 1
    kept = {"stream", "seed", "temperature"} - {lacking}
    assert kept <= set(server.bodies[0])


async def test_a_server_may_lack_many_things() -> None:
    with ModelServer([Reply.calls(("read", {"path": "a"}))], lacks=FEATURES) as server:
        answer = await ask(server, WITH_TOOLS)
    assert answer.finish is Finish.CALLS
    assert len(server.refused) == len(FEATURES)


@pytest.mark.parametrize("lacking", ["seed", "stream", "strict", "json_schema"])
async def test_a_server_that_does_not_say_what_it_refuses_is_asked_for_less_and_less(lacking: str) -> None:
    with ModelServer([Reply.says("{}"), Reply.says("{}")], lacks=[lacking], curt=True) as server:
        request = WITH_FORM if lacking == "json_schema" else WITH_TOOLS
        await ask(server, request)
        tries = len(server.refused)
        await ask(server, request)
    assert len(server.refused) == tries < 10


async def test_a_request_that_no_other_form_mends_ends_with_the_first_complaint() -> None:
    def refusing(body: dict[str, object]) -> Reply:
        return Reply.status(400, f"no, not like this ({len(body)} fields)")

    with ModelServer(refusing) as server, pytest.raises(ModelTerminal) as caught:
        await ask(server, WITH_BOTH)
    assert f"({len(server.bodies[0])} fields)" in str(caught.value)
    assert len(server.requests) < 12


async def test_every_refusal_costs_a_feature_so_that_asking_comes_to_an_end() -> None:
    names = "strict, seed, temperature, stream_options, max_tokens, max_completion_tokens, response_format, tools"
    with ModelServer(lambda _: Reply.status(400, f"no support for {names}")) as server, pytest.raises(ModelTerminal):
        await ask(server, WITH_BOTH)
    assert len(server.requests) <= len(Feature)


async def test_a_refusal_is_remembered_for_its_model_only() -> None:
    with ModelServer([Reply.says("a"), Reply.says("b")], lacks=["seed"]) as server:
        await ask(server)
        await chat_model(f"{server.url}#another", {}).complete(PLAIN, ignore)
        await close_clients()
    assert [asked.body["model"] for asked in server.refused] == [f"scripted-{server.number}", "another"]


@pytest.mark.parametrize("code", [401, 403, 408, 429, 500, 503])
async def test_only_a_refusal_of_the_form_is_answered_with_another_form(code: int) -> None:
    with ModelServer([Reply.status(code, "'seed' is not supported")] * 2) as server, pytest.raises(ModelError):
        await ask(server)
    assert len(server.requests) == 1


async def test_what_was_refused_is_remembered_though_the_server_is_away_afterwards() -> None:
    with ModelServer([Reply.status(503), Reply.says("back")], lacks=["seed"]) as server:
        with pytest.raises(ModelUnavailable):
            await ask(server)
        await ask(server)
    assert len(server.refused) == 1


def test_what_one_question_finds_out_is_not_forgotten_by_one_that_was_asked_meanwhile() -> None:
    endpoint = Endpoint("http://localhost:1/v1#asked-twice", "asked-twice", "http://localhost:1/v1", "none")
    meanwhile = lacks_of(endpoint)
    remember(endpoint, meanwhile | {Feature.TOOLS})
    remember(endpoint, meanwhile)
    assert lacks_of(endpoint) == meanwhile | {Feature.TOOLS}


async def test_what_was_only_guessed_is_not_remembered_when_it_did_not_help() -> None:
    replies = [Reply.status(400, "no")]
    with ModelServer(lambda _body: replies[-1]) as server:
        with pytest.raises(ModelTerminal):
            await ask(server)
        refusals = len(server.requests)
        replies.append(Reply.says("well"))
        await ask(server)
    assert refusals > 1
    assert server.bodies[refusals] == server.bodies[0]


@pytest.mark.parametrize(("lacking", "left"), [("max_completion_tokens", "max_tokens"), ("max_tokens", None)])
async def test_an_answer_is_limited_by_the_name_that_the_server_knows(lacking: str, left: str | None) -> None:
    lacks = [lacking] if left else ["max_completion_tokens", "max_tokens"]
    with ModelServer([Reply.says("a")], lacks=lacks) as server:
        await trusting(server).complete(PLAIN, ignore)
        await close_clients()
    limits = {name for name in server.bodies[0] if name.startswith("max")}
    assert limits == ({left} if left else set())
    assert len(server.refused) == len(lacks)


@pytest.mark.parametrize(
    ("lacks", "form", "in_words"),
    [
        ([], "json_schema", False),
        (["json_schema"], "json_object", True),
        (["response_format"], None, True),
    ],
)
async def test_the_form_of_an_answer_is_asked_for_as_well_as_the_server_can(
    lacks: list[str], form: str | None, in_words: bool
) -> None:
    with ModelServer([Reply.answers({"summary": "fine"})], lacks=lacks) as server:
        answer = await ask(server, WITH_FORM)
    body = server.bodies[0]
    last = body["messages"][-1]
    assert body.get("response_format", {}).get("type") == form
    assert (json.dumps(VERDICT.parameters) in last["content"]) is in_words
    assert last["role"] == "user"
    assert json.loads(answer.message.content) == {"summary": "fine"}


async def test_a_fence_around_an_answer_that_was_asked_for_in_words_is_taken_off() -> None:
    fenced = 'Ωk\n```json\n{"summary": "fine"}\n```'
    script = [Reply.says(fenced.removeprefix("Ωk\n")), Reply.says(fenced), Reply.says("```\nx\n```")]
    with ModelServer(script, lacks=["response_format"]) as server:
        bare, talk = await ask(server, WITH_FORM), await ask(server, WITH_FORM)
        prose = await ask(server, PLAIN)
    assert bare.message.content == '{"summary": "fine"}'
    assert talk.message.content == fenced
    assert prose.message.content == "```\nx\n```"


async def test_a_form_beside_tools_is_sent_to_those_who_can_do_both_only() -> None:
    with ModelServer([Reply.says("{}")] * 2) as server:
        await ask(server, WITH_BOTH)
        await trusting(server).complete(WITH_BOTH, ignore)
        await close_clients()
    modest, able = server.bodies
    assert "response_format" not in modest
    assert modest["messages"][-1]["content"].startswith("When you need no more tools, answer with one JSON object")
    assert able["response_format"]["type"] == "json_schema"
    assert len(able["messages"]) == 2


@pytest.mark.parametrize("lacks", [["tools"], ["tools", "stream", "seed"]])
async def test_tools_are_told_in_words_to_a_server_without_them(lacks: list[str]) -> None:
    wanted = '```json\n{"calls": [{"name": "read", "arguments": {"path": "a.py"}}, {"name": "list"}]}\n```'
    with ModelServer([Reply.says(wanted), Reply.says("done")], lacks=lacks) as server:
        first = await ask(server, WITH_TOOLS)
        results = [
            ToolMessage(call=call.id, content=f"result {index}") for index, call in enumerate(first.message.calls)
        ]
        more = WITH_TOOLS.model_copy(update={"messages": (*BRIEF, first.message, *results)})
        second = await ask(server, more)
    assert first.finish is Finish.CALLS
    assert [(call.name, json.loads(call.arguments)) for call in first.message.calls] == [
        ("read", {"path": "a.py"}),
        ("list", {}),
    ]
    assert (second.finish, second.message.content) == (Finish.ANSWERED, "done")
    system, _, said, results_said = server.bodies[1]["messages"]
    assert "- read: Read a file" in system["content"]
    assert json.loads(said["content"])["calls"][0] == {"name": "read", "arguments": {"path": "a.py"}}
    assert results_said == {"role": "user", "content": "Result of read:\nresult 0\n\nResult of list:\nresult 1"}


async def test_calls_are_not_lost_where_messages_are_joined() -> None:
    wants = AssistantMessage(content="and look", calls=(ToolCall(id="1", name="read", arguments="{}"),))
    said = (AssistantMessage(content="I say"), wants, ToolMessage(call="1", content="text"))
    with ModelServer([Reply.says("done")], lacks=["system"]) as server:
        await ask(server, PLAIN.model_copy(update={"messages": (*BRIEF, *said)}))
    _, called, _ = server.bodies[0]["messages"]
    assert (called["tool_calls"][0]["id"], called["content"]) == ("1", "I say\n\nand look")


async def test_an_answer_after_tools_is_asked_for_without_them_where_there_are_none() -> None:
    said = AssistantMessage(calls=(ToolCall(id="1", name="read", arguments='{"path": "a"}'),))
    request = PLAIN.model_copy(update={"messages": (*BRIEF, said, ToolMessage(call="1", content="text"))})
    with ModelServer([Reply.says("done")], lacks=["tools"]) as server:
        await ask(server, request)
    assert [message["role"] for message in server.bodies[0]["messages"]] == ["system", "user", "assistant", "user"]
    assert "You have tools" not in server.bodies[0]["messages"][0]["content"]


@pytest.mark.parametrize(
    ("lacks", "told"),
    [
        (["repeated_roles"], [("system", "You dig"), ("user", "Dig here\n\nNow"), ("assistant", "Yes\n\nI do")]),
        (["system"], [("user", "You dig\n\nDig here\n\nNow"), ("assistant", "Yes\n\nI do")]),
        (
            [],
            [("system", "You dig"), ("user", "Dig here"), ("user", "Now"), ("assistant", "Yes"), ("assistant", "I do")],
        ),
    ],
)
async def test_messages_of_one_role_are_joined_where_roles_must_take_turns(
    lacks: list[str], told: list[tuple[str, str]]
) -> None:
    more = (UserMessage(content="Now"), AssistantMessage(content="Yes"), AssistantMessage(content="I do"))
    request = PLAIN.model_copy(update={"messages": (*BRIEF, *more, UserMessage(content="And?"))})
    with ModelServer([Reply.says("done")], lacks=lacks) as server:
        await ask(server, request)
    messages = [(message["role"], message["content"]) for message in server.bodies[0]["messages"]]
    assert messages == [*told, ("user", "And?")]


async def test_arguments_in_a_text_may_be_a_text_themselves() -> None:
    said = json.dumps({"calls": [{"name": "read", "arguments": '{"path": "a.py'}]})
    with ModelServer([Reply.says(said)], lacks=["tools"]) as server:
        answer = await ask(server, WITH_TOOLS)
    assert [call.arguments for call in answer.message.calls] == ['{"path": "a.py']


async def test_without_tools_a_text_that_is_no_call_is_an_answer() -> None:
    with ModelServer([Reply.says('{"calls": "none"}')], lacks=["tools"]) as server:
        answer = await ask(server, WITH_TOOLS.model_copy(update={"messages": BRIEF[1:]}))
    assert (answer.finish, answer.message.calls) == (Finish.ANSWERED, ())
    assert server.bodies[0]["messages"][0]["role"] == SystemMessage(content="").role


async def test_calls_of_the_past_are_told_in_words_to_a_server_without_tools() -> None:
    said = AssistantMessage(content="I look", calls=(ToolCall(id="1", name="read", arguments="{"),))
    request = WITH_TOOLS.model_copy(update={"messages": (*BRIEF, said, ToolMessage(call="1", content="text"))})
    with ModelServer([Reply.says("done")], lacks=["tools"]) as server:
        await ask(server, request)
    assert server.bodies[0]["messages"][2] == {"role": "assistant", "content": "I look"}
