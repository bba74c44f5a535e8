"""The plan that was found from the headers, written as a map file: what leukon understood, and where to correct it."""

from __future__ import annotations

from leukon.read.plan import Cell, Plan


def guessed_map_text(plan: Plan) -> str:
    """A map file (see `mapfile`) that says the same as the headers did."""
    lines = ["kind: map", f"shape: {plan.shape}", "columns:"]
    lines += [f"  {field}: {_cell(cell)}" for field, cell in plan.fields.items() if not cell.side]
    if plan.cells:
        lines.append("analytes:")
        lines += [f"  - {{{_analyte(dict(cells))}}}" for cells in plan.cells]
    if plan.unit_row:
        lines.append("unit_row: yes")
    if plan.people is not None:
        lines += ["people:", f"  file: {_text(plan.people.file)}", f"  key: {_text(plan.people.key)}", "  columns:"]
        lines += [f"    {field}: {_cell(cell)}" for field, cell in plan.fields.items() if cell.side == "people"]
    if plan.unused:
        lines.append(
            "# columns that say nothing to leukon: " + ", ".join(" ".join(name.split()) for name in plan.unused)
        )
    return "\n".join(lines) + "\n"


def _analyte(cells: dict[str, Cell]) -> str:
    said = {"column": cells["value"].column, "test": cells["mapped_test"].text}
    if "unit" in cells:
        said["unit_column" if cells["unit"].column else "unit"] = cells["unit"].column or cells["unit"].text
    said |= {key: cells[key].column for key in ("low", "high") if key in cells}
    return ", ".join(f"{key}: {_text(text)}" for key, text in said.items())


def _cell(cell: Cell) -> str:
    if cell.also:
        return f"{{column: {_text(cell.column)}, also: {_text(cell.also)}}}"
    return _text(cell.column) if cell.column else f"{{text: {_text(cell.text)}}}"


def _text(text: str) -> str:
    """A text as YAML; in quotes when it could be read as anything else."""
    plain = text.replace("_", "").replace(" ", "")
    if plain.isalnum() and text.isascii() and text == text.strip() and not text[:1].isdigit():
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'
