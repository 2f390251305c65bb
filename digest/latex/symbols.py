"""What LaTeX macros stand for: tables only, read by `digest.latex`.

The choice is ours; `tests/digest/test_latex.py` compares every symbol with pylatexenc's table.
Letters stay plain letters (calligraphic O is `O`), because mathematical alphabets are missing from
many fonts and are spelled out by screen readers; only the blackboard letters that everybody knows
are kept.

Source: the LaTeX2e, amsmath and amssymb manuals; Unicode Technical Report 25.
"""

__all__ = [
    "ACCENTS",
    "BLACKBOARD",
    "DECLARATIONS",
    "DROPPED",
    "KEEP_LAST",
    "SUBSCRIPTS",
    "SUPERSCRIPTS",
    "SYMBOLS",
    "WIDE_ACCENTS",
    "WORDS",
    "WRAPPERS",
]


def _pairs(table: str) -> dict[str, str]:
    """Return the mapping that a text of alternating names and symbols spells out."""
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))


def _names(table: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(table.split())


SYMBOLS = _pairs(r"""
    alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι
    kappa κ varkappa ϰ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ
    varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω digamma ϝ
    Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
    le ≤ leq ≤ leqslant ⩽ ge ≥ geq ≥ geqslant ⩾ ne ≠ neq ≠ ll ≪ gg ≫ lll ⋘ ggg ⋙ lesssim ≲ gtrsim ≳
    approx ≈ sim ∼ simeq ≃ cong ≅ equiv ≡ asymp ≍ propto ∝ doteq ≐ triangleq ≜ coloneqq ≔ leqq ≦
    geqq ≧ prec ≺ succ ≻ preceq ⪯ succeq ⪰ lessgtr ≶ approxeq ≊ thicksim ∼ thickapprox ≈ eqsim ≂
    in ∈ ni ∋ notin ∉ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋ cup ∪ cap ∩
    sqcup ⊔ sqcap ⊓ uplus ⊎ setminus ∖ smallsetminus ∖ emptyset ∅ varnothing ∅ bigcup ⋃ bigcap ⋂
    sqsubseteq ⊑ sqsupseteq ⊒ bigsqcup ⨆ biguplus ⨄ complement ∁ forall ∀ exists ∃ nexists ∄ neg ¬
    lnot ¬ land ∧ lor ∨ wedge ∧ vee ∨ bigwedge ⋀ bigvee ⋁ top ⊤ bot ⊥ perp ⊥ vdash ⊢ dashv ⊣
    models ⊨ vDash ⊨ Vdash ⊩ therefore ∴ because ∵ to → gets ← rightarrow → leftarrow ←
    leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ implies ⟹ iff ⟺ impliedby ⟸
    longrightarrow ⟶ longleftarrow ⟵ longleftrightarrow ⟷ Longrightarrow ⟹
    Longleftarrow ⟸ Longleftrightarrow ⟺ mapsto ↦ longmapsto ⟼ hookrightarrow ↪ hookleftarrow ↩
    uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓
    nearrow ↗ searrow ↘ nwarrow ↖ swarrow ↙ rightharpoonup ⇀ leftharpoonup ↼
    rightleftharpoons ⇌ leftrightharpoons ⇋ twoheadrightarrow ↠ rightsquigarrow ⇝ leadsto ⇝
    circlearrowleft ↺ circlearrowright ↻ nrightarrow ↛ upharpoonright ↾ restriction ↾
    times × div ÷ pm ± mp ∓ cdot ⋅ cdotp · ast ∗ star ⋆ circ ∘ bullet ∙ oplus ⊕ ominus ⊖ otimes ⊗
    oslash ⊘ odot ⊙ bigoplus ⨁ bigotimes ⨂ bigodot ⨀ dagger † ddagger ‡ amalg ⨿ wr ≀ diamond ⋄
    ltimes ⋉ rtimes ⋊ bowtie ⋈ boxtimes ⊠ boxplus ⊞ boxdot ⊡ centerdot ⋅ intercal ⊺
    sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ partial ∂ nabla ∇ infty ∞ aleph ℵ beth ℶ
    hbar ℏ hslash ℏ ell ℓ Re ℜ Im ℑ wp ℘ imath ı jmath ȷ eth ð mho ℧ angle ∠ measuredangle ∡
    triangle △ Box □ square □ blacksquare ■ Diamond ◇ lozenge ◊ blacktriangle ▲ bigstar ★ Bbbk 𝕜
    bigtriangleup △ bigtriangledown ▽ triangledown ▽ bigcirc ◯ vartriangle △ checkmark ✓ surd √
    flat ♭ natural ♮ sharp ♯ clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠
    parallel ∥ nparallel ∦ nmid ∤ mid | vert | lvert | rvert | Vert ‖ lVert ‖ rVert ‖ colon :
    langle ⟨ rangle ⟩ lceil ⌈ rceil ⌉ lfloor ⌊ rfloor ⌋ lbrace { rbrace } lbrack [ rbrack ]
    llbracket ⟦ rrbracket ⟧ ulcorner ⌜ urcorner ⌝ prime ′ backprime ‵ backslash \ lgroup ( rgroup )
    ldots … dots … dotsc … dotsb … textellipsis … cdots ⋯ dotsm ⋯ vdots ⋮ ddots ⋱ degree °
    lt < gt > textless < textgreater > textbackslash \ textbar | textasciitilde ~
    textasciicircum ^ textunderscore _ textdollar $ textbullet • textperiodcentered · textdegree °
    textpm ± texttimes × textdiv ÷ textmu µ textmicro µ textendash – textemdash — textquotesingle '
    textquoteleft ‘ textquoteright ’ textquotedblleft “ textquotedblright ” guillemotleft «
    guillemotright » textregistered ® texttrademark ™ textcopyright © copyright © pounds £ euro €
    texteuro € textsterling £ textyen ¥ textcent ¢ textsection § S § P ¶ dag † ddag ‡ lq ‘ rq ’
    ae æ AE Æ oe œ OE Œ aa å AA Å o ø O Ø l ł L Ł ss ß i ı j ȷ dh ð DH Ð th þ TH Þ dj đ DJ Đ ng ŋ
    NG Ŋ slash / upmu μ upalpha α upbeta β uppi π uptheta θ upvarphi φ Bbbone 1
""")

WORDS = _names("""
    log ln lg exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth max min sup inf
    lim liminf limsup arg det dim ker gcd lcm deg hom Pr mod bmod argmax argmin
""")
"""Macros that print their own name."""

DECLARATIONS = _names("""
    rm bf em it cal tt sf sc sl frak mit rmfamily bfseries itshape scshape ttfamily sffamily
    tiny scriptsize footnotesize small normalsize large Large LARGE huge Huge displaystyle textstyle
    scriptstyle scriptscriptstyle left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl
    biggr Biggl Biggr bigm Bigm limits nolimits noindent indent nonumber notag centering boldmath
    unboldmath protect relax null xspace smallskip medskip bigskip medbreak upshape
""")
"""Macros that print nothing and take nothing: fonts, sizes, spacing."""

DROPPED = _names("label vspace hspace color includegraphics nocite footnotemark tag")
"""Macros that print nothing and whose one argument is not for readers."""

WRAPPERS = _names("""
    mathbf mathcal mathrm mathsf mathfrak mathscr mathit mathtt mathop mathbin mathrel boldsymbol bm
    pmb operatorname overline underline uline underbrace overbrace emph text textbf textit textrm
    texttt textsc textsf textsl textup textnormal mbox hbox ensuremath boxed Cal EuScript
""")
"""Macros that print their one argument, also when it is a single sign without braces."""

KEEP_LAST = {
    "textcolor": 2,
    "colorbox": 2,
    "fcolorbox": 3,
    "scalebox": 2,
    "resizebox": 3,
    "rotatebox": 2,
    "raisebox": 2,
    "parbox": 2,
    "texorpdfstring": 2,
    "hyperref": 1,
}
"""Macros whose last argument is for readers, with their number of arguments."""

ACCENTS = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "d": "\u0323",
    "c": "\u0327",
    "k": "\u0328",
    "b": "\u0331",
    "t": "\u0361",
}
"""Accents of text; the combining character goes after the first letter."""

WIDE_ACCENTS = {
    "grave": "\u0300",
    "acute": "\u0301",
    "hat": "\u0302",
    "widehat": "\u0302",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "bar": "\u0304",
    "breve": "\u0306",
    "dot": "\u0307",
    "ddot": "\u0308",
    "mathring": "\u030a",
    "check": "\u030c",
    "vec": "\u20d7",
}
"""Accents of mathematics; over more than one character they are left out."""

BLACKBOARD = _pairs("C ℂ H ℍ N ℕ P ℙ Q ℚ R ℝ Z ℤ")

SUPERSCRIPTS = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
SUBSCRIPTS = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
