"""What request bodies of the sonic family are made of: strict types, their limits, and the texts of refusals."""

from typing import Annotated, Any

from fastapi import Query
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from descant.api.errors import show
from descant.service import identifiers
from descant.song.streams import SEED_LIMIT


def rule(text: str) -> PydanticCustomError:
    """Return a fault whose text already names the field, its value and what is allowed."""
    # The text is passed as a value because pydantic would read braces in it as its own.
    return PydanticCustomError("rule", "{text}", {"text": text})


def between(low: float, high: float, words: str) -> AfterValidator:
    """Return a check that a number is neither below ``low`` nor above ``high`` (nor not a number)."""

    def check(value: float) -> float:
        if not low <= value <= high:
            raise PydanticCustomError("range", "{words}", {"words": words})
        return value

    return AfterValidator(check)


def one_of(field: str, allowed: tuple[str, ...]) -> BeforeValidator:
    """Return a check that a string is one of ``allowed``, saying so when it is not."""

    def check(value: object) -> object:
        if isinstance(value, str) and value not in allowed:
            raise rule(f"'{field}' is {show(value)}, but must be one of {', '.join(allowed)}.")
        return value

    return BeforeValidator(check)


Identifier = Annotated[str, Field(max_length=identifiers.LONGEST)]
PageBefore = Annotated[str | None, Query(max_length=identifiers.LONGEST, description="`next` of the page before.")]
Share = Annotated[float, between(0, 1, "a number from 0 to 1"), Field(json_schema_extra={"minimum": 0, "maximum": 1})]
Seed = Annotated[
    int,
    between(0, SEED_LIMIT - 1, f"a whole number from 0 to {SEED_LIMIT - 1}"),
    Field(json_schema_extra={"minimum": 0, "maximum": SEED_LIMIT - 1}),
]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class StrictBody(BaseModel):
    """A request body. Strict: a wrong JSON type is refused, unknown fields are ignored, `null` is not sent."""

    model_config = ConfigDict(strict=True, extra="ignore")

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Show what is required first, then a body's own fields before those it shares with others."""
        schema = handler.resolve_ref_schema(handler(core_schema))
        fields = schema.get("properties", {})
        order = dict.fromkeys(name for kind in cls.__mro__ for name in vars(kind).get("__annotations__", {}))
        required = schema.get("required", ())
        shown = sorted((name for name in order if name in fields), key=lambda name: name not in required)
        schema["properties"] = {name: fields[name] for name in shown}
        return schema

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        """Refuse the one character that no database and no tag of a file can hold."""
        for field, value in data.items() if isinstance(data, dict) else ():
            if field in cls.model_fields and _holds_nul(value):
                raise rule(f"'{field}' is {show(value)}, but must be a string without NUL characters.")
        return data


def _holds_nul(value: object) -> bool:
    """Return whether a string, or one in a list, has a NUL character; objects have checks of their own."""
    if isinstance(value, list):
        return any(_holds_nul(each) for each in value)
    return isinstance(value, str) and "\0" in value
