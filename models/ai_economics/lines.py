"""The lines of a cost plan: each belongs to one component, one layer and one budget category, and says what moves it."""

from dataclasses import dataclass

MODEL, COMPUTE, PIPELINES, RETRIEVAL, ORCHESTRATION, SECURITY = (
    "model usage",
    "compute",
    "data pipelines",
    "semantic retrieval",
    "orchestration",
    "security and compliance",
)
GOVERNANCE, OBSERVABILITY, SUPPORT, ADOPTION, UPKEEP = (
    "governance",
    "observability",
    "support",
    "adoption",
    "data upkeep",
)
INITIAL, PLATFORM, DATA, OVERSIGHT, BUSINESS, RESERVE = (
    "initial implementation",
    "recurring platform",
    "data operations",
    "governance operations",
    "business adoption",
    "contingency reserve",
)
LAYERS = {
    MODEL: "model usage",
    COMPUTE: "compute",
    PIPELINES: "data and retrieval",
    RETRIEVAL: "data and retrieval",
    UPKEEP: "data and retrieval",
    ORCHESTRATION: "orchestration and integration",
    SECURITY: "security and governance",
    GOVERNANCE: "security and governance",
    OBSERVABILITY: "observability and support",
    SUPPORT: "observability and support",
    ADOPTION: "adoption",
}
SWITCHING = "switching and contingency"
CATEGORIES = (INITIAL, PLATFORM, DATA, OVERSIGHT, BUSINESS, RESERVE)
SHARED = ""  # the use case of a cost that no single one causes


@dataclass(frozen=True)
class Component:
    """One of the eleven components: what it includes, what moves it, and why it matters to a distributor."""

    code: str
    includes: str
    driver: str
    impact: str


@dataclass(frozen=True)
class Line:
    """One line of the plan; `hidden` numbers the seven costs that are usually forgotten, 0 for the others."""

    code: str
    component: str
    category: str
    moved_by: str
    is_volume: bool = False
    is_shared: bool = False
    hidden: int = 0
    layer_code: str = ""

    @property
    def layer(self) -> str:
        """The one of the eight layers that it belongs to."""
        return self.layer_code or LAYERS[self.component]


COMPONENTS = (
    Component(
        MODEL,
        "Inference, tests of releases, calls to interfaces",
        "Cases × size of prompts and answers × price of the day",
        "Rises with order lines, contacts and exceptions; small beside people's work",
    ),
    Component(
        COMPUTE,
        "Environments, reserve for peaks, regional surcharge, nodes of private or edge serving, second lines of sites",
        "Latency wanted, peak season, where it runs",
        "Season and month-end need room that stands idle the rest of the year",
    ),
    Component(
        PIPELINES,
        "Ingestion, first cleaning, engineers who keep it flowing",
        "SKUs, documents, sources",
        "Messy item masters and supplier files are the usual reason for delay",
    ),
    Component(
        RETRIEVAL,
        "Chunks, vectors, index, access, tests of relevance, new vectors after changes",
        "How much changes each week",
        "Wrong article or old price list means manual checks",
    ),
    Component(
        ORCHESTRATION,
        "Connectors, events, validation, approvals, roll-back, their upkeep",
        "Systems, writing access, condition of the ERP",
        "Old ERPs with own code cost two to three times as much",
    ),
    Component(
        SECURITY,
        "Identity, roles, encryption, loss prevention, logs with retention, assessments",
        "Vendors, classes of data",
        "Prices, supplier terms and rebates must not leak",
    ),
    Component(
        GOVERNANCE,
        "Approval of models, classification, red team, benchmarks, people who review",
        "Use cases, what they may do, share reviewed",
        "Wrong promises to customers cost more than any token",
    ),
    Component(
        OBSERVABILITY,
        "Tools that record and judge, and the people who read them",
        "Traffic, releases",
        "Cost, quality and adoption can only be steered if somebody looks",
    ),
    Component(
        SUPPORT,
        "Service desk, on-call",
        "Users, hours covered",
        "Warehouses and branches work when the office does not",
    ),
    Component(
        ADOPTION,
        "Training, redesign of work, change, roll-out of sites",
        "Users, sites, turnover",
        "The part that is usually underestimated",
    ),
    Component(
        UPKEEP,
        "Keeping product, price, supplier and policy data current",
        "Changes of SKUs and contracts",
        "What the assistant says is as old as what it reads",
    ),
)
LINES = (
    Line("model calls", MODEL, PLATFORM, "cases × tokens × price", is_volume=True),
    Line("release tests", MODEL, OVERSIGHT, "test cases × releases × tokens"),
    Line("vendor service", ORCHESTRATION, PLATFORM, "fee of the vendor"),
    Line("vendor set-up", ORCHESTRATION, INITIAL, "fee of the vendor, once"),
    Line("environments and peak reserve", COMPUTE, PLATFORM, "running model cost, peak over average", is_volume=True),
    Line("cross-region surcharge", COMPUTE, PLATFORM, "model cost in a region", is_volume=True, hidden=4),
    Line("private and edge serving", COMPUTE, PLATFORM, "nodes, power, engineers"),
    Line("second lines and pages", COMPUTE, PLATFORM, "places decided so × circuit and pages"),
    Line("first cleaning of content", PIPELINES, INITIAL, "SKUs and documents × minutes", is_shared=True),
    Line("pipeline engineers", PIPELINES, DATA, "share of a person", is_shared=True),
    Line("new vectors", RETRIEVAL, DATA, "changes of content × price of vectors", hidden=1),
    Line("index and queries", RETRIEVAL, PLATFORM, "size of the index", is_shared=True),
    Line("tests of relevance", RETRIEVAL, DATA, "hours a month", is_shared=True),
    Line("stewards of content", UPKEEP, DATA, "changes of SKUs and contracts", is_shared=True),
    Line("architecture and pilot", ORCHESTRATION, INITIAL, "person-days", is_shared=True),
    Line("orchestration core", ORCHESTRATION, INITIAL, "person-days", is_shared=True),
    Line("connectors", ORCHESTRATION, INITIAL, "systems × person-days × condition of the ERP"),
    Line("validation of entries", ORCHESTRATION, INITIAL, "writing use cases × person-days"),
    Line("upkeep of integration", ORCHESTRATION, PLATFORM, "share of building cost"),
    Line("gateway", ORCHESTRATION, PLATFORM, "fee", is_shared=True),
    Line("prompt redesign", ORCHESTRATION, DATA, "changes of ERP and process", hidden=3),
    Line("vendor switch", ORCHESTRATION, RESERVE, "chance of a switch × its cost", hidden=7, layer_code=SWITCHING),
    Line("identity and encryption", SECURITY, INITIAL, "once", is_shared=True),
    Line("loss prevention and logs", SECURITY, OVERSIGHT, "calls kept × retention", is_shared=True),
    Line("vendor assessments", SECURITY, OVERSIGHT, "vendors"),
    Line("policies and model approval", GOVERNANCE, OVERSIGHT, "share of a person", is_shared=True),
    Line("use-case reviews", GOVERNANCE, OVERSIGHT, "use cases × what they may do"),
    Line("red team", GOVERNANCE, OVERSIGHT, "fee", is_shared=True),
    Line("edge-case tests of agents", GOVERNANCE, OVERSIGHT, "cases × releases", hidden=5),
    Line("human review", GOVERNANCE, OVERSIGHT, "cases × share reviewed × minutes", is_volume=True, hidden=2),
    Line("rework", GOVERNANCE, OVERSIGHT, "errors found × minutes", is_volume=True),
    Line("recording and judging", OBSERVABILITY, PLATFORM, "fee", is_shared=True),
    Line("judging calls", OBSERVABILITY, PLATFORM, "share of cases × tokens × price", is_volume=True),
    Line("reading and mending", OBSERVABILITY, OVERSIGHT, "share of a person", is_shared=True),
    Line("service desk", SUPPORT, PLATFORM, "users × tickets", hidden=6),
    Line("on call", SUPPORT, PLATFORM, "hours covered", is_shared=True),
    Line("first training", ADOPTION, BUSINESS, "users × hours"),
    Line("later training", ADOPTION, BUSINESS, "users × hours, turnover", hidden=6),
    Line("change management", ADOPTION, BUSINESS, "share of one-time cost"),
    Line("productivity dip", ADOPTION, BUSINESS, "affected minutes × three weeks", is_volume=True),
    Line("roll-out of sites", ADOPTION, BUSINESS, "sites, learning"),
    Line("coordination", ADOPTION, BUSINESS, "departments", is_shared=True),
)  # fmt: skip
CONTINGENCY = Line(
    "contingency", ORCHESTRATION, RESERVE, "P80 − P50 of the simulated total", is_shared=True, layer_code=SWITCHING
)
BY_CODE = {line.code: line for line in (*LINES, CONTINGENCY)}
HIDDEN = {
    1: "New vectors after content has changed",
    2: "People who review what the machine says",
    3: "Prompts rewritten after ERP or process changes",
    4: "Running in a second region",
    5: "Testing agents on edge cases of returns, substitutions and allocation",
    6: "Service desk and later training",
    7: "Changing the vendor",
}
# What a partner can deliver and be paid for each month or once: the recurring revenue of whoever runs this for a distributor.
PARTNER = {
    "implementation": tuple(line.code for line in LINES if line.category == INITIAL),
    "monitoring": ("recording and judging", "judging calls", "on call", "service desk"),
    "optimisation": ("reading and mending", "prompt redesign", "upkeep of integration"),
    "governance support": ("policies and model approval", "use-case reviews", "red team", "edge-case tests of agents"),
    "tuning": ("release tests", "tests of relevance", "stewards of content", "new vectors"),
}


def partner_service(code: str) -> str:
    """The service of a partner that a line can be bought as; empty for what a company does itself.

    >>> partner_service("red team"), partner_service("human review")
    ('governance support', '')
    """
    return next((service for service, codes in PARTNER.items() if code in codes), "")
