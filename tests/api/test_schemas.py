"""Whatever JSON is sent, it is taken or refused in words, never a fault of ours."""

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from descant.api.errors import explain
from descant.api.sonic.create import wanted
from descant.api.sonic.schemas import CreateRequest

TEXTS = st.text(st.characters(codec=None, exclude_categories=()), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
FIELDS = st.sampled_from(sorted(CreateRequest.model_fields))
LIKELY = {
    "custom_mode": st.booleans(),
    "mv": st.sampled_from(["sonic-v5", "chirp-v4", "sonic-v6"]),
    "prompt": TEXTS,
    "gpt_description_prompt": TEXTS,
}


@settings(max_examples=300, deadline=None)
@given(st.fixed_dictionaries({}, optional=LIKELY), st.dictionaries(FIELDS, VALUES, max_size=4))
def test_any_object_is_taken_or_refused_in_words(likely, wild):
    try:
        request = CreateRequest.model_validate(likely | wild)
    except ValidationError as error:
        text = explain(error.errors())
        assert text.endswith(".")
        assert text.encode("utf-8")
    else:
        wanted(request)
