"""What there is to say of a pack: how far it is, what becomes of each file, what can be done next."""

from dataclasses import dataclass, field

from django.db.models import OuterRef, QuerySet, Subquery

from enrichment.measures.packs import ACCEPTED, LEFT_OUT, REFUSED
from enrichment.models import PackRun, PhotoPack
from sources.countries import place_name
from sources.models import Gender

SHOWN = 300
GENDERS = dict(Gender.choices)


@dataclass(frozen=True)
class Line:
    """One file in the words of the page."""

    file: str
    line: int | None
    outcome: str
    reason: str
    notes: list[str]
    shows: str


@dataclass(frozen=True)
class Part:
    """The files with one outcome: how many there are, and the first few hundred."""

    title: str
    outcome: str
    count: int
    lines: list[Line]

    @property
    def left(self) -> int:
        return self.count - len(self.lines)


@dataclass(frozen=True)
class PackReport:
    """The last run of a pack with its findings, and whether it can be confirmed or checked again."""

    run: PackRun | None
    parts: list[Part] = field(default_factory=list)
    noted: int = 0
    confirmable: bool = False
    checkable: bool = False
    imported: bool = False
    pending: int = 0


def report_of(pack: PhotoPack) -> PackReport:
    """Return what there is to say of a pack; the findings are those of the last run that has some."""
    runs = list(pack.runs.defer("findings"))
    run = runs[0] if runs else None
    imported = any(one.task == PackRun.Task.IMPORT and one.state == PackRun.State.DONE for one in runs)
    check = next((one for one in runs if one.task == PackRun.Task.CHECK), None)
    is_open = run is not None and run.is_open
    told = next((one for one in runs if one.state == PackRun.State.DONE), None)
    findings = told.findings if told else []
    ready = not is_open and not imported and bool(pack.file)
    return PackReport(
        run=run,
        parts=[_part(title, outcome, findings) for title, outcome in _titles(imported)] if told else [],
        noted=sum(bool(finding["notes"]) for finding in findings),
        confirmable=ready and check is not None and check.state == PackRun.State.DONE and check.accepted > 0,
        checkable=ready,
        imported=imported,
        pending=pack.photos.pending().count() if imported else 0,
    )


def all_lines(pack: PhotoPack) -> list[Line]:
    """Return every line of the last report, for a file."""
    told = pack.runs.filter(state=PackRun.State.DONE).first()
    return [_line(finding) for finding in told.findings] if told else []


def with_last_run(packs: QuerySet) -> QuerySet:
    """Return the packs with the task, state and counts of their last run."""
    last = {f"last_{name}": _last(name) for name in ("task", "state", "accepted", "refused")}
    return packs.annotate(**last)


def _last(name: str) -> Subquery:
    return Subquery(PackRun.objects.filter(pack=OuterRef("pk")).order_by("-id").values(name)[:1])


def _titles(imported: bool) -> tuple[tuple[str, str], ...]:
    accepted = "Taken into the library" if imported else "Can be taken"
    return (("Refused", REFUSED), (accepted, ACCEPTED), ("Left out", LEFT_OUT))


def _part(title: str, outcome: str, findings: list[dict]) -> Part:
    mine = [finding for finding in findings if finding["outcome"] == outcome]
    mine.sort(key=lambda finding: not finding["notes"])  # what there is to look at comes first
    return Part(title, outcome, len(mine), [_line(finding) for finding in mine[:SHOWN]])


def _line(finding: dict) -> Line:
    shows = finding["shows"]
    words = ""
    if shows:
        first, last = shows["ages"]
        places = ", ".join(place_name(place) for place in shows["places"])
        words = f"{GENDERS[shows['gender']]}, {first}-{last}; {places}; {shows['right']}"
    return Line(finding["file"], finding["line"], finding["outcome"], finding["reason"], finding["notes"], words)
