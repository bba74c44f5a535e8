"""The shipped pack: which files it consists of, what they must hash to, and its compiled form.

`manifest.json` lists the SHA-256 of every knowledge file; a pack whose files differ from it was altered
after it was checked, and is refused. `compiled.msgpack` (made by build.py for the wheel, absent in a
checkout) holds the same knowledge ready to use; it is trusted only when it names the hash of the files on disk.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import msgspec

from leukon.errors import KnowledgeError
from leukon.knowledge.model import Knowledge

SHIPPED = Path(__file__).parent
CASES = ".cases.yaml"
VIGNETTES = ".vignettes.yaml"
OVERLAY = ("limits", "settings", "sources")
"""The kinds of file that a site may lay over the shipped knowledge."""

REBUILD = "run `python -m leukon.knowledge.build` after an intended change, else install leukon again"


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What the shipped files were when they were checked."""

    version: str
    sha256: str
    files: dict[str, str]


def knowledge_files(path: Path) -> dict[str, Path]:
    """The knowledge files of a folder by relative name, in sorted order; or the one file. No cases, no vignettes."""
    if path.is_file():
        return {path.name: path}
    found = {file.relative_to(path).as_posix(): file for file in path.rglob("*.*") if file.suffix in (".yaml", ".csv")}
    return {name: found[name] for name in sorted(found) if not name.endswith((CASES, VIGNETTES))}


def whole(path: Path) -> bool:
    """Whether this is a pack of its own, not a site's overlay: some file is of a kind that an overlay cannot hold."""
    if not path.exists():
        return False
    texts = (file.read_text("utf-8", "replace") for file in knowledge_files(path).values())
    kinds = [re.search(r"^kind: *(\S+)", text, re.M) for text in texts]
    return any(kind and kind[1] not in OVERLAY for kind in kinds)


def digests(path: Path) -> dict[str, str]:
    """SHA-256 of each knowledge file."""
    return {name: sha256(file.read_bytes()).hexdigest() for name, file in knowledge_files(path).items()}


def content_hash(files: dict[str, str]) -> str:
    """One SHA-256 over names and digests: the identity of the knowledge."""
    return sha256("\n".join(f"{name} {files[name]}" for name in sorted(files)).encode()).hexdigest()


def shipped(folder: Path = SHIPPED) -> Knowledge:
    """The knowledge of an installed pack. Raises KnowledgeError when its files are not those of its manifest."""
    files = digests(folder)
    verify(folder, files)
    digest = content_hash(files)
    compiled = read_compiled(folder / "compiled.msgpack", digest)
    if compiled is not None:
        return compiled
    from leukon.knowledge.loader import load

    return load(folder)


def verify(folder: Path, files: dict[str, str]) -> None:
    """Compare the files with the manifest (B72). Raises KnowledgeError that names each altered file."""
    try:
        manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
    except FileNotFoundError:
        return  # nothing was promised: the files are read and checked in full
    except msgspec.DecodeError as error:
        raise KnowledgeError([f"manifest.json: {error}; {REBUILD}"]) from None
    problems = [
        f"{name}:1: {_difference(manifest.files.get(name), files.get(name))}; expected the file as shipped"
        for name in sorted(manifest.files.keys() | files.keys())
        if manifest.files.get(name) != files.get(name)
    ]
    if not problems and manifest.sha256 != content_hash(files):
        problems = ["manifest.json:1: its sha256 is not that of its files"]
    if problems:
        raise KnowledgeError([*problems, f"what to do: {REBUILD}"])


def _difference(shipped_as: str | None, found: str | None) -> str:
    return (
        "not in the manifest" if shipped_as is None else "missing" if found is None else "altered since it was checked"
    )


def read_compiled(file: Path, digest: str) -> Knowledge | None:
    """The compiled pack when it is whole and of this content hash; else None."""
    try:
        data = file.read_bytes()
    except OSError:
        return None
    if data[:32] != sha256(data[32:]).digest():
        return None
    try:
        knowledge = msgspec.msgpack.decode(data[32:], type=Knowledge)
    except msgspec.DecodeError:
        return None
    return knowledge if knowledge.sha256 == digest else None


def write_compiled(file: Path, knowledge: Knowledge) -> None:
    """Write the compiled pack: the SHA-256 of the rest, then the knowledge as msgpack."""
    data = msgspec.msgpack.encode(knowledge)
    file.write_bytes(sha256(data).digest() + data)
