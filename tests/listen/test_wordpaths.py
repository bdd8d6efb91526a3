"""Ways through words: where the scores say, with anything between, and past words that are not there."""

import numpy as np

from descant.listen.wordpaths import Builder, Graph, likeliest


def _graph(words: int, passed: float = 5.0) -> Graph:
    built = Builder()
    built.between(0.0, np.inf)
    for word in range(words):
        built.sound(word, 2 * word, 0.0)
        built.sound(word, 2 * word + 1, 0.0)
        built.between(0.0, passed)
    return built.graph()


def _scores(graph: Graph, heard: list[int]) -> np.ndarray:
    """Return scores at which each frame is the column ``heard``; the last is anything."""
    scores = np.full((len(heard), len(graph.senones) + 1), -4.0, np.float32)
    scores[:, -1] = -1.0
    scores[np.arange(len(heard)), heard] = 0.0
    return scores


def test_words_lie_where_they_are_heard_and_anything_between_them() -> None:
    graph = _graph(2)
    path = likeliest(_scores(graph, [4, 4, 0, 0, 1, 4, 4, 2, 3, 3, 4]), graph)
    assert graph.words[path].tolist() == [-1, -1, 0, 0, 0, -1, -1, 1, 1, 1, -1]


def test_words_may_follow_each_other_at_once() -> None:
    graph = _graph(2)
    path = likeliest(_scores(graph, [0, 1, 2, 3]), graph)
    assert graph.words[path].tolist() == [0, 0, 1, 1]


def test_a_word_that_is_not_heard_is_passed_when_that_is_cheaper() -> None:
    heard = [0, 1, 6, 6, 6, 4, 5]
    for passed, left_out in ((3.0, True), (30.0, False)):
        graph = _graph(3, passed)
        path = likeliest(_scores(graph, heard), graph)
        assert (1 not in graph.words[path]) is left_out
