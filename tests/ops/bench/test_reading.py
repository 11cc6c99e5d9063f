"""What `parley read` is measured by: sentences are counted, quotes looked up, and a file that is none refused."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ops.bench.reading", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


def test_it_tells_sentences_a_second_memory_and_exact_quotes(tmp_path: Path) -> None:
    text = "Macron called for talks on Ukraine. The Kremlin refused them. It rained."
    file = tmp_path / "articles.jsonl"
    file.write_text("\n".join(json.dumps({"title": f"No. {n}: war in Ukraine", "text": text}) for n in range(3)))
    run = bench(str(file))
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("3 articles, 12 sentences, 6 statements: ")
    assert run.stdout.rstrip().endswith("6 of 6 quotes exact")


def test_a_missing_file_is_one_clear_line() -> None:
    run = bench("nowhere.jsonl")
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("parley: wanted one file of articles")
