"""arXiv's categories, and what was probably meant by one that does not exist.

Old papers carry archives that arXiv closed long ago (`alg-geom`, `cmp-lg`); nobody can follow
those any more.

Source: https://arxiv.org/category_taxonomy
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from paperround.errors import UnknownCategoryError

__all__ = ["CATEGORIES", "categories_among", "check_category"]

_CLASSES = {
    "astro-ph": "CO EP GA HE IM SR",
    "cond-mat": "dis-nn mes-hall mtrl-sci other quant-gas soft stat-mech str-el supr-con",
    "cs": (
        "AI AR CC CE CG CL CR CV CY DB DC DL DM DS ET FL GL GR GT HC IR IT LG LO MA MM MS NA NE NI "
        "OH OS PF PL RO SC SD SE SI SY"
    ),
    "econ": "EM GN TH",
    "eess": "AS IV SP SY",
    "math": (
        "AC AG AP AT CA CO CT CV DG DS FA GM GN GR GT HO IT KT LO MG MP NA NT OA OC PR QA RA RT SG "
        "SP ST"
    ),
    "nlin": "AO CD CG PS SI",
    "physics": (
        "acc-ph ao-ph app-ph atm-clus atom-ph bio-ph chem-ph class-ph comp-ph data-an ed-ph "
        "flu-dyn gen-ph geo-ph hist-ph ins-det med-ph optics plasm-ph pop-ph soc-ph space-ph"
    ),
    "q-bio": "BM CB GN MN NC OT PE QM SC TO",
    "q-fin": "CP EC GN MF PM PR RM ST TR",
    "stat": "AP CO ME ML OT TH",
}
# Archives that are categories themselves; until 2009 `astro-ph` and `cond-mat` were, too.
_UNDIVIDED = """
    astro-ph cond-mat gr-qc hep-ex hep-lat hep-ph hep-th math-ph nucl-ex nucl-th quant-ph
"""

CATEGORIES: tuple[str, ...] = tuple(
    sorted(
        _UNDIVIDED.split()
        + [f"{archive}.{name}" for archive, names in _CLASSES.items() for name in names.split()]
    )
)
"""Every category that a paper can be announced in today, as arXiv spells it, sorted."""

# Archives that arXiv closed; old papers still carry them.
_CLOSED = """
    acc-phys adap-org alg-geom ao-sci atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas dg-ga
    funct-an mtrl-th patt-sol plasm-ph q-alg q-bio solv-int supr-con
"""
_CARRIED = frozenset([*CATEGORIES, *_CLOSED.split()])

_SPLIT = re.compile(r"[\s,;]+")
_SPELLINGS = {code.lower(): code for code in CATEGORIES}


def check_category(code: str) -> str:
    """Return the category as arXiv spells it.

    Args:
        code: A category in any case: `cs.CL`, `CS.cl`, `hep-th`.

    Raises:
        UnknownCategoryError: arXiv has no such category; carries the nearest ones.
    """
    folded = code.strip().lower()
    if folded in _SPELLINGS:
        return _SPELLINGS[folded]
    raise UnknownCategoryError(code.strip()[:40], _nearest(folded))


def categories_among(terms: Iterable[str]) -> tuple[str, ...]:
    """Return the terms that are arXiv categories, also closed ones, in order, none twice.

    Some of arXiv's interfaces give the subject classes of other bodies (`68T50`, `I.2.7`) under the
    same name, and some join several codes in one term.
    """
    given = list(terms)
    if not _CARRIED.issuperset(given):
        given = [code for term in given for code in _SPLIT.split(term) if code in _CARRIED]
    return tuple(dict.fromkeys(given))


def _nearest(folded: str) -> tuple[str, ...]:
    """Return up to three categories that may have been meant, likeliest first."""
    if folded in _CLASSES:
        return tuple(f"{folded}.{name}" for name in _CLASSES[folded].split()[:3])
    dotted = folded[:40].replace("-", ".", 1) if "." not in folded else folded[:40]
    found = get_close_matches(folded[:40], _SPELLINGS, n=3, cutoff=0.6)
    found += get_close_matches(dotted, _SPELLINGS, n=3, cutoff=0.6)
    return tuple(_SPELLINGS[match] for match in dict.fromkeys(found))[:3]
