"""How accounts and filings word what people ask for by other names: `capex`, `quick ratio`.

Data alone: a measure, the lines of a report that it is made of, and the statements that have them.
Ratios are made of lines that stand on another page than any talk of the ratio.
"""

from __future__ import annotations

from typing import Final, NamedTuple

BALANCE: Final = (
    "consolidated balance sheets total current assets total assets total current liabilities total "
    "liabilities shareholders stockholders equity"
)
INCOME: Final = (
    "consolidated statements of income operations earnings net sales revenue cost of sales "
    "operating income net income per share"
)
CASH: Final = (
    "consolidated statements of cash flows net cash provided by used in operating activities "
    "investing activities financing activities"
)


class Measure(NamedTuple):
    asked: str
    """A regular expression, looked for without regard to case."""
    lines: str
    """Words of the lines that hold it."""
    statements: tuple[str, ...] = ()


_SALES: Final = "net sales revenue"
_BOTH: Final = (BALANCE, INCOME)

MEASURES: Final = (
    # statements by name
    Measure(r"balance sheets?|financial position|liabilit(?:y|ies)", "", (BALANCE,)),
    Measure(
        r"income statements?|statements? of (?:income|operations|earnings)|\bp ?& ?l\b|"
        r"profit and loss|net (?:income|earnings|profit|loss|sales)|revenues?|top line|turnover",
        "",
        (INCOME,),
    ),
    Measure(
        r"cash ?flows?|(?:operating|financing|investing) activit|operations, investing", "", (CASH,)
    ),
    # what a company owns and owes
    Measure(r"goodwill", "goodwill", (BALANCE,)),
    Measure(
        r"operating leases?|lease (?:liabilit|obligation)",
        "operating lease liabilities right-of-use assets",
    ),
    Measure(r"inventor(?:y|ies)", "inventories", (BALANCE,)),
    Measure(r"cash (?:&|and) (?:cash )?equivalents?", "cash and cash equivalents", (BALANCE,)),
    Measure(r"\bar\b|receivables?", "accounts receivable net", (BALANCE,)),
    Measure(r"\bap\b|payables?\b", "accounts payable", (BALANCE,)),
    Measure(
        r"\bpp&?n?e\b|\bnet ppe\b|property,? plant", "property plant and equipment net", (BALANCE,)
    ),
    Measure(
        r"debt[- ]to|debt ratio|capitali[sz]ation ratio|leverage|total debt|net debt|gearing",
        "long-term debt short-term debt current portion total equity",
        (BALANCE,),
    ),
    Measure(
        r"working capital|current ratio|quick ratio|acid[- ]test|liquidity|current assets",
        "total current assets total current liabilities cash and cash equivalents accounts "
        "receivable",
        (BALANCE,),
    ),
    Measure(
        r"capital employed|invested capital|\broce\b|\broic\b",
        "operating income total assets total current liabilities long-term debt equity",
        (BALANCE,),
    ),
    # what it earns
    Measure(
        r"operating (?:margin|profit|income|result)|\bebit\b",
        f"operating income operating profit operating margin {_SALES}",
        (INCOME,),
    ),
    Measure(
        r"gross (?:margin|profit)",
        "gross profit gross margin cost of sales cost of goods sold cost of revenue",
        (INCOME,),
    ),
    Measure(r"(?:net|profit) margin", f"net income {_SALES}", (INCOME,)),
    Measure(r"\bcogs\b|cost of (?:goods|sales)", "cost of goods sold cost of sales", (INCOME,)),
    Measure(r"\bsg ?& ?a\b", "selling general and administrative expenses"),
    Measure(r"\br ?& ?d\b", "research and development expenses"),
    Measure(r"\bd ?& ?a\b|depreciation|amorti[sz]ation", "depreciation and amortization", (CASH,)),
    Measure(r"\bebitda\b", "operating income depreciation and amortization", (INCOME, CASH)),
    Measure(r"\beps\b|earnings per", "earnings per share basic diluted", (INCOME,)),
    Measure(
        r"effective tax|tax rat",
        "effective tax rate provision for income taxes income before income taxes",
        (INCOME,),
    ),
    Measure(
        r"interest (?:coverage|to)|times interest",
        "interest expense operating income earnings before income tax",
        (INCOME,),
    ),
    # what it spends
    Measure(
        r"cap(?:ital )?ex(?:penditures?|pense)?s?\b|capital[- ]intensi|capital spending",
        "purchases of property plant and equipment additions capital expenditures capital spending",
        (CASH,),
    ),
    Measure(
        r"free cash ?flow|\bfcf\b",
        "net cash provided by operating activities capital expenditures free cash flow",
        (CASH,),
    ),
    Measure(
        r"dividend|payout|retention ratio",
        "cash dividends paid net income dividends declared per share",
        (CASH,),
    ),
    Measure(r"buy-?backs?|repurchase", "repurchase of common stock share repurchase program"),
    # how fast it turns over
    Measure(r"fixed asset turnover", f"property plant and equipment net {_SALES}", _BOTH),
    Measure(
        r"inventory turn|\bdio\b|days (?:of )?inventory",
        "inventories cost of goods sold cost of sales",
        _BOTH,
    ),
    Measure(
        r"days payable|\bdpo\b|payables? turn",
        "accounts payable cost of goods sold inventories",
        _BOTH,
    ),
    Measure(r"days sales|\bdso\b|receivables? turn", f"accounts receivable {_SALES}", _BOTH),
    Measure(
        r"cash conversion cycle|\bccc\b",
        f"accounts payable accounts receivable inventories cost of goods sold {_SALES}",
        _BOTH,
    ),
    Measure(
        r"return on (?:total |average )*assets|\broa\b|asset turnover|total assets",
        "net income total assets",
        _BOTH,
    ),
    Measure(
        r"return on (?:average |shareholders.? |stockholders.? |total )*equity|\broe\b",
        "net income total equity",
        _BOTH,
    ),
    # what else a filing tells
    Measure(
        r"legal (?:battle|dispute|case|proceeding|matter)|lawsuit|litigation",
        "legal proceedings litigation contingencies claims",
    ),
    Measure(
        r"(?:securities|stock) exchange|registered to trade|ticker",
        "securities registered pursuant to section title of each class trading symbol name of each "
        "exchange on which registered",
    ),
    Measure(r"segments?\b", "segment information reportable segments net sales by segment"),
    Measure(
        r"customer concentration|(?:largest|primary|major|main) customers?",
        "customers accounted for percent of net sales concentration",
    ),
    Measure(
        r"products? (?:and|or|/) services?|what .{0,30}\bsells?\b",
        "products services business overview",
    ),
    Measure(
        r"pension|retirement benefit", "pension postretirement benefit obligations plan assets"
    ),
    Measure(r"restructuring", "restructuring charges costs severance liability", (INCOME,)),
    Measure(r"geograph", "geographic regions countries united states international operations"),
    Measure(r"acqui(?:red|sitions?)\b|merger", "acquisitions acquired business combination"),
    Measure(r"headcount|workforce|number of employees", "employees human capital"),
    Measure(r"head ?quarter(?:s|ed)", "principal executive offices address"),
    Measure(r"\bauditors?\b", "report of independent registered public accounting firm"),
)
