"""A report of every equation of the English pages: evaluated, where and how often, or exempt
and why. `make equations` prints it; the site shows it on reference/checked."""

import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import course

from equations.extract import equations
from equations.page import check_page, exemption


@dataclass
class Row:
    """One equation of a page."""

    page: str  # its path below docs/en
    number: int  # its place among the page's equations
    line: int  # of the page's text
    tex: str
    display: bool
    label: str  # of a numbered equation
    instances: int  # networks, layers and indices in which it was evaluated
    worst: float  # largest relative difference of two sides
    exempt: str  # why it was not evaluated
    exempt_ko: str  # the same, as the Korean page says it
    wrong: str  # what contradicted it

    @property
    def id(self) -> str:
        """An anchor for its row."""
        stem = self.page.rsplit(".", 1)[0].replace("/", "-")
        return f"{stem}-{self.number}"

    @property
    def verdict(self) -> str:
        if self.wrong:
            return f"WRONG: {self.wrong}"
        if self.exempt:
            return f"exempt: {self.exempt}"
        return f"{self.instances} instances, worst {self.worst:.0e}"


def rows(paths: list[Path] | None = None) -> Iterator[Row]:
    english = course.ROOT / "docs" / "en"
    for path in paths or course.all_pages("en"):
        text = course.page_text(path)
        korean = {e.tex: e for e in equations(course.page_text(twin(path)))}
        for checked in check_page(path):
            equation, result = checked.equation, checked.result
            yield Row(
                page=str(path.relative_to(english)) if path.is_relative_to(english) else path.name,
                number=equation.number,
                line=text.count("\n", 0, equation.start) + 1,
                tex=equation.tex,
                display=equation.display,
                label=equation.label,
                instances=result.instances if result else 0,
                worst=result.worst if result else 0.0,
                exempt=exemption(equation),
                exempt_ko=exemption(korean[equation.tex]) if equation.tex in korean else "",
                wrong="; ".join(result.wrong) if result else "",
            )


def twin(path: Path) -> Path:
    """The Korean page of an English one; elsewhere the page itself."""
    parts = ["ko" if part == "en" else part for part in path.parts]
    return Path(*parts)


def as_dicts(paths: list[Path] | None = None) -> list[dict]:
    return [{**asdict(row), "id": row.id} for row in rows(paths)]


def main() -> int:
    all_rows = list(rows())
    for row in all_rows:
        print(f"{row.page}:{row.line}  {row.tex}\n    {row.verdict}")
    evaluated = [row for row in all_rows if row.instances and not row.wrong]
    wrong = sum(bool(row.wrong) for row in all_rows)
    share = len(evaluated) / max(1, len(all_rows))
    print(
        f"\n{len(all_rows)} equations, {len(evaluated)} evaluated ({share:.1%}) in "
        f"{sum(row.instances for row in evaluated)} instances, "
        f"{len(all_rows) - len(evaluated) - wrong} exempt, {wrong} wrong"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
