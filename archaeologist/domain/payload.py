"""The base of everything that travels through Temporal or is kept in the artefact store."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Payload(BaseModel):
    """A frozen model. Unknown fields are ignored so that an older program can read a newer history."""

    model_config = ConfigDict(frozen=True, extra="ignore")
