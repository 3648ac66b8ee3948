"""A JSON Schema of the protocol file, for editors that complete and underline while one types."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import core_schema

from trialrun.protocol.model import FORMAT, Protocol


class _AsWritten(GenerateJsonSchema):
    """The file as it is written: keys in the users' words, no default values of the program's."""

    def generate(self, schema: core_schema.CoreSchema, mode: JsonSchemaMode = "validation") -> JsonSchemaValue:
        document = super().generate(schema, mode)
        return {"$schema": self.schema_dialect, **document}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])


def protocol_schema() -> dict[str, Any]:
    """The schema (JSON Schema 2020-12) of a protocol file.

    It checks keys and the shape of values. Names that must meet and days that must be reached are beyond any
    schema: `trialrun check` looks at those.
    """
    document = Protocol.model_json_schema(by_alias=True, schema_generator=_AsWritten)
    document["title"] = f"trialrun protocol file ({FORMAT})"
    return document
