"""Words that say nothing about what a paper is about.

Two lists: `FUNCTION_WORDS` never become terms at all; `BOILERPLATE` words are terms like others
when papers are scored, yet are never shown as a reason.
"""

__all__ = ["BOILERPLATE", "FUNCTION_WORDS"]

_FUNCTION_WORDS = """
a about above across after afterwards again against al all almost alone along already also
although always am among amongst an and another any anyhow anyone anything anyway anywhere are
aren around as at away be became because become becomes becoming been before beforehand being
below beside besides between beyond both but by came can cannot cf come comes could couldn did
didn do does doesn doing don done down during each eg either else elsewhere enough et etc even
ever every everyone everything everywhere except few for from further furthermore get gets give
given gives go goes going gone got had hadn has hasn have haven having he hence her here hereby
herein hers herself him himself his how however ie if in indeed instead into is isn it its
itself just keep keeps last lately latter least less let lets like likely ll made make makes
making many may maybe me meanwhile might mine more moreover most mostly much must my myself
namely near nearly neither never nevertheless next no nobody none nor not nothing now nowhere of
off often on once one ones only onto or other others otherwise our ours ourselves out over
overall own per perhaps please put quite rather re really said same say says see seem seemed
seeming seems seen several shall she should shouldn since so some somehow someone something
sometimes somewhat somewhere still such take taken takes taking than that the their theirs them
themselves then there thereafter thereby therefore therein these they this those though through
throughout thus to together too toward towards under unless unlike until up upon us use used
uses using ve versus very via vs was wasn way we well went were weren what whatever when
whenever where whereas whereby wherein wherever whether which while who whoever whole whom whose
why will with within without won would wouldn yet you your yours yourself
"""

_BOILERPLATE = """
ability ablation ablations able absence abstract academic accelerate accelerating access accessible
according accordingly account accumulation accuracy accurate accurately achievable achieve achieved
achieves achieving acquisition actionable activations active actual actually ad adapt adapted
adaptively adapts adding addition additional additionally address addressed addresses addressing
adopt adopted adopts advance advanced advancement advances advancing advantage advantages affect
aforementioned aggregate aggregation agnostic agreement aid aim aimed aiming aims aligned alleviate
alleviates allow allowed allowing allows alongside alternative alternatively alternatives amount
analyse analysed analyses analysing analysis analytic analytical analyze analyzed analyzes
analyzing anchor answer apart appear appears applicability applicable application applications
applied applies apply applying approach approaches appropriate approximately apt arbitrary area
areas argue arise arises arising art article aspect aspects assess assessed assessing assessment
assisted associated assume assumed assumes assuming assumption assumptions attain attempt
augmentation augmented author authors auto automatic automatically auxiliary availability available
average avoid avoiding aware backward balance balanced balancing base based baseline baselines
basic basis begin behave behavior behaviour behind benchmark benchmarks beneficial benefit benefits
best better big bilateral boost boosts bottleneck bottlenecks bound boundaries boundary bridge
bridges bridging bring brings broad broader broadly build building builds built call called
candidate capabilities capability capable capture captures capturing carefully carried case cases
categories category cause caused causing central centric certain challenge challenged challenges
challenging change changes characteristic characteristics characterize choice choices choose class
classes classical clean clear clearly close closely co coarse coarser code codebase codes coherence
coherent collapse collected collection combination combine combined combines combining commercial
common commonly communities community compact comparable comparative comparatively compare compared
compares comparing comparison comparisons compatible competitive complement complementary complete
completely completion complex complexity component components comprehensive comprehensively
comprises comprising compromising computation computational compute computed concept concepts
conceptual conclude conclusion conclusions concrete condition conditional conditions conduct
conducted configuration configurations confirm confirmation confirmed confirming confirms
consequently consider considerable considerably considered considering considers consist
consistency consistent consistently consisting consists constitute constraints construct
constructed constructing construction consuming consumption contain containing contains context
continuously contrast contribute contributes contribution contributions conventional core
corresponding cost costly costs count couple coupled couples cover coverage covering covers create
created creates creating creation criteria critical critically cross crucial crucially curated
current currently custom data dataset datasets date day days deal decomposes decoupled decouples
decoupling dedicated deeper define defined defines degradation degrade degraded degrades degrading
degree delivering delivers demands demonstrate demonstrated demonstrates demonstrating depend
dependent depends derive derived describe described describes description design designed designing
designs desired despite detail detailed details determine determined develop developed developing
development develops differ difference differences different differently difficult difficulty
dimension dimensional dimensions direct direction directions directly discrete discuss discussed
discusses discussion distinct diverse domain domains dominant downstream drawback drive driven dual
due dynamically earlier early easier easily easy effect effective effectively effectiveness effects
efficacy efficiency efficient efficiently effort efforts eight element elements eliminate
eliminates eliminating emerge emerged emerging emphasize empirical empirically employ employed
employing employs enable enabled enables enabling encode encodes encompassing end ended enforce
enforces enhance enhanced enhancement enhances enhancing ensure ensures ensuring entire entirely
environment environments equally equipped equivalent errors especially essential essentially
establish established establishes establishing estimate estimated estimates estimating evaluate
evaluated evaluates evaluating evaluation evaluations evidence evident exact exactly examine
examined examines example examples exceed exceeds excel excellent excels executable execution
exhibit exhibits exist existing exists expected expensive experiment experimental experimentally
experiments explain explained explicit explicitly exploit exploiting explore explored explores
exploring extend extended extending extends extension extensions extensive extensively extent extra
extract extracted extracting extracts extremely face faces facilitate facilitates facilitating fact
factor factors facts fail failing fails failure fair fairly family far fast faster favorable
feasibility feasible feature features featuring fewer fidelity field fields final finally find
finding findings finds fine finer finite first five fixed flexibility flexible focus focused
focuses focusing follow followed following follows form formal formally format forms formulate
formulated formulation forward foundational four fragmented frame framework frameworks free
frequency frequently fresh full fully function functional functions fundamental fundamentally fused
future gain gained gains gap gaps general generality generalizability generalizable generalization
generalize generalized generalizes generally generate generated generates generating generation
generic github goal goals good grained granularity great greater greatly ground group groups grow
growing growth guarantee guarantees guidance guide guided guiding hand handle handles handling hard
harder heavily help helpful helps heterogeneous heuristic heuristics high higher highest highlight
highlighting highlights highly hinder hindered hinders historical history hoc hold holds hope hour
hours http https hundred hundreds hybrid hypothesis idea ideal ideas identical identified
identifies identify identifying ii iii illustrate illustrated illustrates impact impacts implement
implementation implementations implemented implementing implications implicit importance important
importantly impose impressive improve improved improvement improvements improves improving
inadequate include included includes including incomplete inconsistencies inconsistent incorporate
incorporated incorporates incorporating incorrect increase increased increases increasing
increasingly independent independently indicate indicates indicating individual induced infer
influence inform information informative informed inherent initial injection innovations innovative
input inputs insight insights inspection inspire inspired inspires inspiring instances insufficient
integrate integrated integrates integrating integration intend intensive inter interest interesting
intermediate interplay intra intricate intrinsic introduce introduced introduces introducing
introduction intuitive intuitively inverse investigate investigated investigates investigating
investigation involve involved involves involving irrelevant isolated issue issues iteration
iterative iteratively joint jointly judgments key kind kinds know knowledge known labor labour lack
lacking lacks landscape large largely larger largest lasting late latest law lead leading leads
learn learned learning leave leaving led left length level levels leverage leveraged leverages
leveraging lie lies lightweight likelihood limit limitation limitations limited limiting limits
line link little local long longer loop loosely low lower lowest macro main mainly mainstream
maintain maintaining maintains major majority manner manual manually massive match matching
materials mathematically maximum mean meaning meaningful means measure measured measurement
measures mechanism mechanisms medium merely method methodological methodologies methodology methods
metric metrics million minimal minimize minimizing minimum minor mismatch missing mitigate
mitigates mitigating mixed mode model modeled modeling modelling models modern modest modifications
modify modifying modularity module modules motivate motivated multi multiple name named narrow
native natural naturally nature necessary need needed needs negative net new newly nine non normal
notable notably note novel novelty nuanced number numbers numerical numerically numerous objective
objectives observation observations observe observed obtain obtained obtaining obtains occur occurs
offer offering offers offs old open operate operates operating operational operations opportunities
opportunity optimal optimize optimized optimizes optimizing order ordering orders original outcome
outcomes outline outperform outperformed outperforming outperforms output outputs overcome
overcoming overhead overlook overlooked overlooking overview page pages pair pairs pairwise paper
papers paradigm paradigms parameter parameters part partial partially participants particular
particularly parts pass past paths pathways pave paves pay percent percentage perfect perform
performance performances performed performing performs period persistent perspective perspectives
perturbations phase phenomenon piece pieces pipeline pipelines pivotal place plan platform
plausible play plays plug point points poor poorly popular pose posed poses positions positive
possess possible possibly post potential potentially power powered powerful practical practically
practice practices precise precisely precision predefined predominantly preliminary presence
present presented presenting presents preservation preserve preserves preserving pretrained prevent
preventing previous previously primarily primary principle principled principles prior prioritize
problem problems procedure procedures process processes processing produce produced produces
producing product production professional profiles progress progressive progressively project
promise promising promote prone proof proper properly properties property propose proposed proposes
proposing proprietary protocol protocols prototype prove proved proven proves provide provided
provides providing public publicly published purpose pursue quality quantify quantitative
quantitatively question questions quick quickly raise raises range ranges ranging rapid rapidly
rarely rate rates ratio raw reach reached reaches reaching readily real realistic reason reasonable
receive received recent recently recognize recognized recording reduce reduced reduces reducing
reduction redundant refer references refine refined refinement refines reflect regard regarding
regardless regime regimes region regions related relation relationship relationships relative
relatively release released relevant reliability reliable reliably reliance relied relies rely
relying remain remaining remains remarkable remarkably remedies remedy remote removing repeated
report reported reporting reports repository represent representative represented representing
represents reproduce reproducibility reproducible require required requirement requirements
requires requiring research researcher researchers resolve respect respective respectively respond
response restricted result resulting results retain retaining reveal revealed revealing reveals
review rich richer right rigorous rigorously rise robust robustly robustness role roles roughly run
running runs sample sampled samples satisfy scalable scale scales scarce scenario scenarios scheme
schemes scientific scope score scores scratch seamless seamlessly second section seek seeks select
selected selection selective selectively self sense separate separately separation series serve
serves serving set sets setting settings seven severe severely shape shapes share shared sharing
shed shelf short shortcomings show showcase showing shown shows side significance significant
significantly similar similarly simple simpler simplicity simply simulate simulated simultaneous
simultaneously single situation situations six size sizes slow small smaller solely solution
solutions solve solved solves solving sota source sources space special specific specifically
specified speedup speedups stable stage stages stakes standard standardized start starting state
stated states statistical step steps straightforward strategies strategy strength strengths strict
strictly strong stronger strongest strongly structure structured structures struggle struggles
studied studies study studying style subject subjective subjects suboptimal subsequent subsequently
subset substantial substantially substantive subtle success successful successfully suffer suffers
sufficient sufficiently suggest suggested suggesting suggests suitable suited summarize superior
superiority supplementary support supported supporting supports surface surpass surpasses
surpassing survey surveys synthesize system systematic systematically systems tackle tackles
tackling tailored target targeted targets task tasks technical technique techniques technologies
technology tells ten tend term termed terms test tested testing tests theoretical theoretically
theory thing things think third thorough thoroughly thousand thousands three tightly time times
title today told tool tools top topic topics total tracks trade traditional traditionally train
trained training transform transition transitions treat treats trend trends true truly truth try
tune tuned tunes tuning turn twice two type types typical typically ultimately unable unclear
uncover underexplored underlying underscore underscores underscoring understand understanding
understood undertake unexplored unfortunately unified unifies uniform unique uniquely unit
universal university unknown unlikely unprecedented unreliable unresolved unseen unstable update
updates upper usage useful usefulness user users usual usually utility utilization utilize utilized
utilizes utilizing valid validate validated validates validating validation validity valuable value
values variable variables variant variants variation variations varied varies variety various vary
varying vast verified verify versatile versatility version versions view viewed views virtual
visible vital weak weaker weakly weight weights wide widely wider widespread window wise word words
work working works world worse worst written year years yield yielded yielding yields zero
"""

FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Lower case. Dropped before words are paired: that lifted nDCG@10 of the lexical ranking from
.154 to .163 on author replay."""

BOILERPLATE = frozenset(_BOILERPLATE.split())
"""Lower case. A pair of words is boilerplate when both of its words are, so that "language model"
and "code generation" remain reasons while "proposed method" does not."""
