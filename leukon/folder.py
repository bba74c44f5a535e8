"""A folder that appears whole or not at all.

The results are written into a temporary folder beside the wanted one and renamed at the end, so
that a full disk, a crash or Ctrl-C never leaves half a result under its final name. A folder of
ours from an earlier run is replaced; anything else that stands in the way is left alone.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from leukon.errors import OutputError

SUMMARY = "summary.json"


@contextmanager
def whole(out: Path, ours: Collection[str]) -> Iterator[Path]:
    """Yields a temporary folder that becomes `out` when the block ends well, and vanishes when it does not.

    `ours`: the file names that this program writes. `out` may be absent, empty, or hold nothing but
    such files, a summary among them. OutputError when it cannot be written or is somebody else's.
    """
    out = out.absolute()
    _check_ours(out, ours)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    except OSError as error:
        raise cannot_write(out, error) from error
    try:
        yield part
        try:
            _take_place(part, out)
        except OSError as error:
            raise cannot_write(out, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def cannot_write(out: Path, error: Exception) -> OutputError:
    """The one message for a disk that is full, read-only or forbidden; nothing of `out` has changed."""
    reason = (getattr(error, "strerror", None) or str(error)).strip().splitlines()[0]
    return OutputError(
        f"cannot write the results: {reason}",
        where=str(out),
        hint="free some space or choose another folder; nothing half written was left behind",
    )


def _check_ours(out: Path, ours: Collection[str]) -> None:
    if not os.path.lexists(out):
        return
    if not out.is_dir() or out.is_symlink():
        raise OutputError("is not a folder", where=str(out), hint="choose a new or an empty folder for --out")
    try:
        names = {entry.name for entry in out.iterdir()}
    except OSError as error:
        raise cannot_write(out, error) from error
    strangers = sorted(names - set(ours))
    if strangers or (names and SUMMARY not in names):
        raise OutputError(
            f"holds files that are not results of leukon ({', '.join(strangers[:3]) or 'no summary.json'})",
            where=str(out),
            hint="choose a new or an empty folder for --out",
        )


def _take_place(part: Path, out: Path) -> None:
    """Renames `part` to `out`. An earlier result steps aside first and comes back if the renaming fails."""
    mask = os.umask(0)
    os.umask(mask)
    part.chmod(0o777 & ~mask)
    if not out.exists():
        part.rename(out)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{out.name}.old.", dir=out.parent))
    try:
        out.rename(old / out.name)
        try:
            part.rename(out)
        except OSError:
            (old / out.name).rename(out)
            raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
