"""Whether data files of many forms are read for what they are, or refused for what they are.

Run: python bench/datafiles.py [FOLDER] [--kedge COMMAND] [--keep FOLDER]. FOLDER has the small files of faults found in
use (default ../shared/data/faults); the others are made here, each with what is right for it. Prints what was tried,
what was wrong and why; exit code 1 where something was.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Case:
    """A file and what is right for it; None and empty are not compared."""

    content: str | bytes = b""
    rows: int | None = None
    columns: tuple[str, ...] = ()
    unreadable: int = 0
    told: str = ""
    """A pattern that a finding of the form of the file must have."""
    quiet: bool = False
    """Whether no finding may speak of the form."""
    refused: str = ""
    """A pattern of the line with which it is refused."""
    types: dict[str, str] = field(default_factory=dict)
    distinct: dict[str, int] = field(default_factory=dict)
    first: dict[str, Any] = field(default_factory=dict)
    """The least value of columns."""
    arguments: tuple[str, ...] = ()


def rows(form: str, count: int = 40) -> str:
    """Lines with n, its half, a letter and a day."""
    return "".join(
        form.format(n=n, h=n / 2, g="abc"[n % 3], d=f"2025-01-{n % 28 + 1:02}") for n in range(count)
    )


CODES = ["007.1", "401.9", "008.45", "250.00", "038.11"]
VERSIONS = ["1.9", "1.10", "1.11", "2.0", "1.2"]
PLAIN = "id,v,g\n" + rows("{n},{h},{g}\n")
JSON = [json.dumps({"id": n, "v": n * 0.5, "g": "ab"[n % 2]}) for n in range(100)]


def jsonl(*more: str, at: int = 50, ends: str = "\n") -> str:
    """A hundred objects, with other lines in between."""
    return ends.join([*JSON[:at], *more, *JSON[at:]]) + ends


def column(values: list[str], times: int = 8) -> str:
    """A table of a number and a value."""
    return "n,x\n" + "".join(f"{at},{value}\n" for at, value in enumerate(values * times))


GIVEN: dict[str, Case] = {
    "C03-hand.csv": Case(rows=100, columns=("ID", "Amount, net, of VAT, in EUR")),
    "C04-hand.csv": Case(rows=58, columns=("id", "operator", "price"), told="above"),
    "C10-hand.csv": Case(rows=50, told="same name"),
    "C22-hand.csv": Case(rows=119, types={"zip": "VARCHAR", "icd": "VARCHAR"}, first={"icd": "007.1"}),
    "C25-hand.csv": Case(rows=10, told="no line of names"),
    "C32-hand.csv": Case(rows=2, columns=("id", "v"), told="comment"),
    "C34-hand.csv": Case(rows=100, distinct={"id": 100, "h": 100}),
}

ABC = ("id", "v", "g")
BODY = rows("{n},{h},{g}\n")
MADE: dict[str, Case] = {
    "plain.csv": Case(PLAIN, 40, ABC, quiet=True, types={"id": "BIGINT", "v": "DOUBLE"}),
    # ---- delimiters
    "semicolon-decimal-comma.csv": Case(
        "id;v\n" + "".join(f"{n};{n},5\n" for n in range(40)),
        40,
        ("id", "v"),
        quiet=True,
        types={"v": "DOUBLE"},
    ),
    "semicolon-decimal-comma-bare.csv": Case(
        "".join(f"{n};{n},5;{n},25\n" for n in range(40)),
        40,
        ("column0", "column1", "column2"),
        told="no line of names",
    ),
    "tab.csv": Case("id\tv\tg\n" + rows("{n}\t{h}\t{g}, and more\n"), 40, ABC, quiet=True),
    "pipe-padded.csv": Case(
        "id | v | g\n" + rows("{n} | {h} | {g}\n"), 40, ABC, quiet=True, distinct={"g": 3}
    ),
    "markdown.csv": Case("| id | v | g |\n|----|---|---|\n" + rows("| {n} | {h} | {g} |\n"), 40, ABC),
    "psql.csv": Case(" id | v | g\n----+---+---\n" + rows(" {n} | {h} | {g}\n") + "(40 rows)\n", 40, ABC, 1),
    "comma-in-quotes.csv": Case(
        "id;name\n" + "".join(f'{n};"a, b, {n}"\n' for n in range(40)), 40, ("id", "name"), quiet=True
    ),
    "semicolon-in-quotes.csv": Case(
        "id,name\n" + "".join(f'{n},"a; b; {n}"\n' for n in range(40)), 40, ("id", "name"), quiet=True
    ),
    "list-in-cell.csv": Case("id|tags\n" + rows("{n}|{g};x\n"), 40, ("id", "tags")),
    "names-with-commas.csv": Case(
        "name\n" + "".join(f"Miller{n}, John\n" for n in range(40)), 40, ("name",), told="comma"
    ),
    "single-column.csv": Case("v\n" + rows("{n}\n"), 40, ("v",), quiet=True),
    "caret.csv": Case("id^v\n" + rows("{n}^{h}\n"), 40, told="--delimiter"),
    "blanks.csv": Case("id v w\n" + rows("{n} {h} 7\n"), 40, told="--delimiter"),
    "fixed-width.csv": Case("id    v      g\n" + rows("{n:<6}{h:<7}{g}\n"), 40, told="fixed width"),
    "prose.csv": Case("Some text, with commas.\nNone\nHere, and, there, a few.\n" * 9, told="--delimiter"),
    "wrong-delimiter.csv": Case(PLAIN, 40, told="does not occur", arguments=("--delimiter", ";")),
    # ---- quotes
    "line-break-in-quotes.csv": Case(
        "id,note\n" + "".join(f'{n},"first\nsecond, {n}"\n' for n in range(40)),
        40,
        ("id", "note"),
        quiet=True,
    ),
    "line-break-in-name.csv": Case('id,"amount\nin EUR"\n' + rows("{n},{h}\n"), 40, quiet=True),
    "backslash.csv": Case(
        "id,note\n" + "".join(f'{n},"a \\"b\\", c"\n' for n in range(40)), 40, ("id", "note"), quiet=True
    ),
    "single-quotes.csv": Case("id,note\n" + "".join(f"{n},'a, b'\n" for n in range(40)), 40, ("id", "note")),
    "inches.csv": Case("id,size\n" + "".join(f'{n},5" pipe\n' for n in range(40)), 40, ("id", "size")),
    "quote-never-closed.csv": Case(
        "id,v\n" + rows("{n},{h}\n") + '"40,1\n' + rows("{n},{h}\n"), 80, ("id", "v"), 1
    ),
    "last-quote-never-closed.csv": Case(
        "id,v\n" + rows("{n},{h}\n") + '40,"1\n' + rows("{n},{h}\n"), 80, ("id", "v"), 1
    ),
    # ---- line ends, blank lines, ragged lines
    "cr.csv": Case(PLAIN.replace("\n", "\r"), 40, ABC, quiet=True),
    "crlf.csv": Case(PLAIN.replace("\n", "\r\n"), 40, ABC, quiet=True),
    "mixed-ends.csv": Case(
        "id,v,g\r\n" + BODY + BODY.replace("\n", "\r\n") + BODY.replace("\n", "\r"), 120, ABC
    ),
    "blank-lines.csv": Case("\n\n" + PLAIN.replace("\n", "\n\n"), 40, ABC, quiet=True),
    "ragged.csv": Case(PLAIN + "1\n1,2,a,4\n1,2\n", 40, ABC, 3),
    "trailing-delimiter.csv": Case("id,v,g,\n" + rows("{n},{h},{g},\n"), 40, ABC),
    "trailing-delimiter-not-in-names.csv": Case("id,v,g\n" + rows("{n},{h},{g},\n"), 40, ABC),
    "row-names.csv": Case("v,g\n" + rows('"{n}",{h},{g}\n'), 40, ("column0", "v", "g"), told="line of names"),
    "fewer-names.csv": Case("id,v\n" + rows("{n},{h},{g},{d}\n"), 40, told="line of names"),
    "grown.csv": Case(
        "id,v\n" + rows("{n},{n}\n", 1000) + rows("{n},{n},x\n", 29000), 1000, ("id", "v"), 29000
    ),
    "grown-early.csv": Case(
        "id,v\n" + rows("{n},{n}\n", 30) + rows("{n},{n},x\n", 300), 30, ("id", "v"), 300
    ),
    "footer.csv": Case(PLAIN + "\nTotal: 40 rows\n", 40, ABC, 1),
    "totals.csv": Case(PLAIN + "Total,780,\n", 41, ABC, told="total"),
    "cut.csv": Case(PLAIN[:-3], 39, ABC, 1),
    # ---- above the rows
    "title.csv": Case("Report of January, all regions\n\n" + PLAIN, 40, ABC, told="above"),
    "titles.csv": Case("Report\nCreated by: tool, 2025\nRegion,all\n\n" + PLAIN, 40, ABC, told="above"),
    "quote-in-title.csv": Case('Pipes of 5" and more\n' + PLAIN, 40, ABC, told="above"),
    "sep.csv": Case("sep=;\n" + PLAIN.replace(",", ";"), 40, ABC, told="delimiter"),
    "sep-quoted.csv": Case('"sep=,"\r\n' + PLAIN, 40, ABC, told="delimiter"),
    "comments.csv": Case("# a, b\n#\n# c\n" + PLAIN, 40, ABC, told="comment"),
    "comment-is-names.csv": Case("##tool\n#id\tv\tg\n" + rows("{n}\t{h}\t{g}\n"), 40, ABC),
    "units.csv": Case("id,v,g\n[-],[EUR],\n" + BODY, 40, ABC, told="second line", types={"v": "DOUBLE"}),
    "units-bare.csv": Case(
        "t,v,w\ns,m/s,kg\n" + rows("{n},{h},{n}.5\n"), 40, told="second line", types={"v": "DOUBLE"}
    ),
    "names-in-two-lines.csv": Case(
        "2024,,2025,\na,b,c,d\n" + rows("{n},{h},{n},{h}\n"), 40, ("a", "b", "c", "d"), told="second line"
    ),
    "no-names.csv": Case(BODY, 40, ("column0", "column1", "column2"), told="no line of names"),
    "no-names-texts.csv": Case("red,small\nblue,large\n" * 20, 40, told="no line of names"),
    "no-names-said.csv": Case(BODY, 40, quiet=True, arguments=("--no-header",)),
    "years-as-names.csv": Case(
        "country,2019,2020,2021\n" + rows("{g}{n},{n},{h},{n}\n"), 40, ("country", "2019", "2020", "2021")
    ),
    "only-names.csv": Case("id,v,g\n", 0, ABC, told="no rows"),
    "same-names.csv": Case("id,v,v\n" + rows("{n},{h},{n}\n"), 40, ("id", "v", "v_1"), told="same name"),
    "capital-names.csv": Case(
        "id,Name,name\n" + rows("{n},{g},{g}\n"), 40, ("id", "Name", "name"), told="capitals"
    ),
    "blank-names.csv": Case("id,,v\n" + rows("{n},{g},{h}\n"), 40, told="without a name"),
    # ---- encodings
    "bom.csv": Case("\ufeff" + PLAIN, 40, ABC, quiet=True),
    "utf-16.csv": Case(PLAIN.encode("utf-16"), 40, ABC),
    "utf-16-be.csv": Case(b"\xfe\xff" + PLAIN.encode("utf-16-be"), 40, ABC),
    "utf-16-bare.csv": Case(PLAIN.encode("utf-16-le"), 40, ABC, told="UTF-16"),
    "latin-1.csv": Case((PLAIN + "41,1,\xfc\n").encode("latin-1"), 40, ABC, 1),
    "latin-1-said.csv": Case(
        (PLAIN + "41,1,\xfc\n").encode("latin-1"), 41, ABC, arguments=("--encoding", "latin-1")
    ),
    "zero-bytes.csv": Case(PLAIN.replace("7,", "7\0,").encode(), 40, told="zero"),
    "packed.csv.gz": Case(gzip.compress(("Report\n" + PLAIN).encode()), 40, ABC, told="above"),
    # ---- no table
    "empty.csv": Case("", refused="empty"),
    "blank.csv": Case("\n\n \n", refused="empty"),
    "only-a-bom.csv": Case("\ufeff", refused="empty"),
    "page.csv": Case("<!DOCTYPE html>\n<html><body>Log in</body></html>\n", refused="HTML"),
    "xml.csv": Case('<?xml version="1.0"?>\n<rows><row a="1"/></rows>\n', refused="XML"),
    "pdf.csv": Case(b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n", refused="PDF"),
    "excel.csv": Case(b"PK\x03\x04\x14\0\x06\0[Content_Types].xml" + bytes(90), refused="Excel"),
    "zip.csv": Case(b"PK\x03\x04\x14\0\0\0data.csv" + bytes(90), refused="ZIP"),
    "old-excel.csv": Case(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(90), refused="Excel"),
    "lfs.csv": Case("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n", refused="LFS"),
    "sqlite.csv": Case(b"SQLite format 3\0" + bytes(90), refused="SQLite"),
    "bytes.csv": Case(bytes(range(256)) * 8, refused="neither text|no line of names"),
    # ---- codes and numbers
    "codes.csv": Case(column(CODES), 40, types={"x": "VARCHAR"}, distinct={"x": 5}),
    "zip-codes.csv": Case(column(["00123", "90210", "01375"]), 24, types={"x": "VARCHAR"}),
    "versions.csv": Case(
        column(VERSIONS), 40, types={"x": "VARCHAR"}, distinct={"x": 5}, told="as a number or as a version"
    ),
    "three-part-versions.csv": Case(column(["3.11.12", "3.12.10", "2.1.10"]), 24, types={"x": "VARCHAR"}),
    "hex.csv": Case(column(["1e5", "2e7", "123", "45e1"]), 32, types={"x": "VARCHAR"}),
    "exponents.csv": Case(column(["1.5e5", "2e+07", "123", "4.5E-01"]), 32, types={"x": "DOUBLE"}),
    "phones.csv": Case(column(["+491701234567", "+4930123456"]), 16, types={"x": "VARCHAR"}),
    "signed.csv": Case(column(["+5", "-3", "+0.5"]), 24, types={"x": "DOUBLE"}),
    "halves.csv": Case(column(["1-2", "3/4", "5-6"]), 24, types={"x": "VARCHAR"}),
    "answers.csv": Case(column(["TRUE", "yes", "Y", "1"]), 32, types={"x": "VARCHAR"}, distinct={"x": 4}),
    "truths.csv": Case(column(["True", "False"]), 16, types={"x": "BOOLEAN"}),
    "underscores.csv": Case(column(["1_000", "2_000"]), 16, types={"x": "VARCHAR"}),
    "thousands.csv": Case(
        "n;x\n" + "".join(f"{n};{n + 1},234,567\n" for n in range(40)), 40, types={"x": "DOUBLE"}
    ),
    "long-integers.csv": Case(column([str(10**19 + n) for n in range(40)], 1), 40, distinct={"x": 40}),
    "longer-integers.csv": Case(column([str(10**45 + n) for n in range(40)], 1), 40, distinct={"x": 40}),
    "long-decimals.csv": Case(
        column([f"0.1234567890123456789{n:02}" for n in range(40)], 1), 40, distinct={"x": 40}
    ),
    "prices.csv": Case(column(["1.50", "19.90", "5.00"]), 24, types={"x": "DOUBLE"}),
    # ---- JSON
    "plain.jsonl": Case(jsonl(), 100, ABC, quiet=True),
    "cut-inside.jsonl": Case(jsonl('{"id": 50, "v": 12'), 100, ABC, 1),
    "cut-last.jsonl": Case(jsonl() + '{"id": 100, "v', 100, ABC, 1),
    "key-twice.jsonl": Case(jsonl('{"id": 1, "id": 2, "v": 1, "g": "a"}'), 100, ABC, 1),
    "text-behind.jsonl": Case(jsonl(JSON[0] + " and more"), 100, ABC, 1),
    "list-between.jsonl": Case(jsonl("[1, 2]"), 100, ABC, 1),
    "lists.jsonl": Case("[1, 2]\n[3, 4]\n", refused="no line"),
    "blank-lines.jsonl": Case(jsonl("", "", ends="\n\n"), 100, ABC, quiet=True),
    "bom.jsonl": Case("\ufeff" + jsonl(), 100, ABC, quiet=True),
    "crlf.jsonl": Case(jsonl(ends="\r\n"), 100, ABC, quiet=True),
    "latin-1.jsonl": Case(jsonl('{"id": 1, "g": "\xfc"}').encode("latin-1"), 100, ABC, 1),
    "nested.jsonl": Case(
        "".join(f'{{"id": {n}, "o": {{"a": {n}}}}}\n' for n in range(40)), 40, ("id", "o"), quiet=True
    ),
    "list-of-objects.json": Case("[" + ",\n".join(JSON) + "]", 100, ABC, quiet=True),
    "one-object.json": Case('{\n "data": [' + ",".join(JSON) + "]\n}\n", 1, told="one object"),
    "long.jsonl": Case("".join(f'{{"id": {10**20 + n}}}\n' for n in range(40)), 40, distinct={"id": 40}),
    "not-a-number.jsonl": Case('{"id": NaN}\n{"id": 1.5}\n{"id": 2.5}\n', 3, types={"id": "DOUBLE"}),
    "days-and-halves.jsonl": Case(
        '{"a": "01-02-2025", "b": "1-2"}\n' * 9, 9, types={"a": "VARCHAR", "b": "VARCHAR"}
    ),
    "json-called.csv": Case(jsonl(), 100, ABC, told="JSON"),
    "no-json.jsonl": Case("id,v\n1,2\n", refused="no line"),
}


def pairs() -> Iterator[tuple[str, str, str, int, str]]:
    """Two files, the exit code of `drift --exit-code`, and a pattern of what is printed."""
    head = "id,x,g,d\n"
    old = head + rows("{n},{h},{g},{d}\n", 500)
    yield "same", old, old, 0, ""
    yield "empty number", old, head + rows("{n},,{g},{d}\n", 500), 1, "x.*empty"
    yield "empty text", old, head + rows("{n},{h},,{d}\n", 500), 1, "g.*empty"
    yield "empty date", old, head + rows("{n},{h},{g},\n", 500), 1, "d.*empty"
    yield "empty key", old, head + rows(",{h},{g},{d}\n", 500), 1, "id.*empty"
    yield "gone", old, "id,g,d\n" + rows("{n},{g},{d}\n", 500), 1, "x.*gone"
    yield "new", old, "id,x,g,d,e\n" + rows("{n},{h},{g},{d},1\n", 500), 0, "e.*new"
    yield "text now", old, head + rows("{n},v{h},{g},{d}\n", 500), 1, "x.*another type"
    yield "date to text", old, head + rows("{n},{h},{g},soon\n", 500), 1, "d.*another type"
    yield "constant", old, head + rows("{n},1.5,{g},{d}\n", 500), 1, "x.*constant"
    yield "constant date", old, head + rows("{n},{h},{g},2025-01-01\n", 500), 1, "d.*constant"
    half = head + "".join(f"{n if n % 2 else ''},{n / 2},{'abc'[n % 3]},2025-01-01\n" for n in range(500))
    yield "half a key", half.replace("2025-01-01", "2025-01-02"), old.replace(",2025", ",2025"), 1, ""
    yield (
        "nearly empty",
        old,
        head
        + "".join(
            f"{n},{n / 2 if n < 5 else ''},{'abc'[n % 3]},2025-01-{n % 28 + 1:02}\n" for n in range(500)
        ),
        1,
        "99 %",
    )
    yield "other values", old, head + rows("{n},{h},z{g},{d}\n", 500), 1, "g.*new"
    yield "lines that cannot be read", old, old + "1,2\n" * 400, 1, "cannot be read"
    yield "fewer rows", old, head + "".join(old.splitlines(keepends=True)[1::14]), 0, "fewer rows"


def wrong_with(ran: subprocess.CompletedProcess[str], case: Case) -> Iterator[str]:
    """What is wrong with the answer to a file."""
    if case.refused:
        if ran.returncode == 0 or not re.search(case.refused, ran.stderr, re.IGNORECASE):
            yield f"not refused as {case.refused!r}: {ran.returncode} {ran.stderr.strip()[:100]}"
        return
    if ran.returncode:
        yield f"exit code {ran.returncode}: {ran.stderr.strip()[:160]}"
        return
    data = json.loads(ran.stdout)["data"]
    if case.rows is not None and data["rows"] != case.rows:
        yield f"{data['rows']} rows, not {case.rows}"
    if data["unreadable"] != case.unreadable and case.rows is not None:
        yield f"{data['unreadable']} unreadable, not {case.unreadable}"
    if case.columns and tuple(data["columns"]) != case.columns:
        yield f"columns {[*data['columns']]}"
    said = [one["message"] for one in data["findings"]]
    if case.told and not any(re.search(case.told, text, re.IGNORECASE) for text in said):
        yield f"{case.told!r} is not said: {said}"
    form = [one["message"] for one in data["findings"] if one["kind"] in ("form", "unreadable")]
    if case.quiet and form:
        yield f"said without need: {form}"
    for field_name, expected in (("type", case.types), ("distinct", case.distinct), ("min", case.first)):
        for name, value in expected.items():
            got = data["columns"].get(name, {}).get(field_name)
            if got != value:
                yield f"{name}: {field_name} {got!r}, not {value!r}"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", default=str(ROOT.parent / "shared" / "data" / "faults"))
    options.add_argument(
        "--kedge", default=f"{shlex.quote(sys.executable)} -m kedge", help="the command that is tried"
    )
    options.add_argument("--keep", help="a folder in which the files are kept")
    asked = options.parse_args()
    command = shlex.split(asked.kedge)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(asked.keep or temporary)
        folder.mkdir(parents=True, exist_ok=True)
        given = {name: Path(asked.folder) / name for name in GIVEN if (Path(asked.folder) / name).exists()}
        if not given:
            print(f"no files in {asked.folder}: only those that are made here are tried")
        cases = [(name, path, GIVEN[name]) for name, path in given.items()]
        for name, case in (MADE | _larger(Path(asked.folder), folder)).items():
            if case.content:
                (folder / name).write_bytes(
                    case.content.encode() if isinstance(case.content, str) else case.content
                )
            elif name not in _LARGER:
                (folder / name).touch()
            cases.append((name, folder / name, case))
        tried = wrong = 0
        for name, path, case in cases:
            ran = _run([*command, "data", "profile", str(path), "--json", *case.arguments])
            tried, wrong = tried + 1, wrong + _said(name, [*wrong_with(ran, case)])
        for name, old, new, code, pattern in pairs():
            (folder / "old.csv").write_text(old)
            (folder / "new.csv").write_text(new)
            ran = _run(
                [*command, "data", "drift", str(folder / "old.csv"), str(folder / "new.csv"), "--exit-code"]
            )
            faults = [f"exit code {ran.returncode}, not {code}"] if ran.returncode != code else []
            if not re.search(pattern, ran.stdout, re.IGNORECASE):
                faults.append(f"{pattern!r} is not said")
            tried, wrong = tried + 1, wrong + _said(f"drift: {name}", faults)
    print(f"{tried} tried, {wrong} wrong")
    return int(wrong > 0)


_LARGER = {
    "C01-hand.csv": Case(rows=12001, columns=("id", "v"), unreadable=12001, told="12,001"),
    "C17-hand.jsonl": Case(rows=4999, columns=ABC, unreadable=1, told="2,?501"),
    "C41-hand-share.csv": Case(rows=2000, told="99.5 %"),
}


def _larger(given: Path, folder: Path) -> dict[str, Case]:
    """The larger files, which a script beside the given ones makes."""
    script = given / "make_data.py"
    if not script.exists():
        return {}
    subprocess.run([sys.executable, str(script), str(folder)], check=True, stdout=subprocess.DEVNULL)
    return _LARGER


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _said(name: str, faults: list[str]) -> bool:
    for fault in faults:
        print(f"{name}: {fault}")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
