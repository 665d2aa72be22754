"""Every story of bindings/stories, with its transcript written down."""

import os
import pathlib

import pytest
import stories

FOLDER = pathlib.Path(os.environ.get("CARTERA_STORIES", pathlib.Path(__file__).parents[2] / "stories"))


@pytest.mark.parametrize("story", sorted(FOLDER.glob("*.json")), ids=lambda story: story.stem)
def test_story(story, tmp_path):
    transcript = stories.run(story, tmp_path)
    if folder := os.environ.get("CARTERA_TRANSCRIPTS"):
        pathlib.Path(folder, f"{story.stem}.python").write_text(transcript, "utf-8")
    assert transcript.count("\n") > 0
