//! Which symbol stands at which code of TeX's own encodings for formulas, by the name of its command.
//!
//! pdfium gives a glyph whose name Adobe's list does not have by its raw code. The tables are those of
//! `fontmath.ltx`, `amssymb.sty` and `stmaryrd.sty`, checked against the fonts' own (Debian's TeX Live 2022).
//! 128 names each, `-` where the code has none; one letter or sign stands for itself.

/// OML: cmmi and its like.
pub(super) const LETTERS: &str = "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega alpha beta gamma delta epsilon zeta eta \
    theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega varepsilon vartheta \
    varpi varrho varsigma varphi leftharpoonup leftharpoondown rightharpoonup rightharpoondown lhook \
    rhook triangleright triangleleft 0 1 2 3 4 5 6 7 8 9 . , < / > star partial A B C D E F G H I J K L \
    M N O P Q R S T U V W X Y Z flat natural sharp smile frown ell a b c d e f g h i j k l m n o p q r s \
    t u v w x y z imath jmath wp vec -";

/// OMS: cmsy and its like.
pub(super) const SYMBOLS: &str = "- cdot times ast div diamond pm mp oplus ominus otimes oslash odot bigcirc circ bullet asymp equiv \
    subseteq supseteq leq geq preceq succeq sim approx subset supset ll gg prec succ leftarrow to \
    uparrow downarrow leftrightarrow nearrow searrow simeq Leftarrow Rightarrow Uparrow Downarrow \
    Leftrightarrow nwarrow swarrow propto prime infty in ni triangle bigtriangledown not mapstochar \
    forall exists neg emptyset Re Im top bot aleph A B C D E F G H I J K L M N O P Q R S T U V W X Y Z \
    cup cap uplus wedge vee vdash dashv lfloor rfloor lceil rceil lbrace rbrace langle rangle vert Vert \
    updownarrow Updownarrow setminus wr surd amalg nabla int sqcup sqcap sqsubseteq sqsupseteq \
    mathsection dagger ddagger mathparagraph clubsuit diamondsuit heartsuit spadesuit";

/// OMX: cmex and its like. Delimiters of all sizes, and the pieces of the largest.
pub(super) const EXTENSION: &str = "( ) [ ] lfloor rfloor lceil rceil lbrace rbrace langle rangle vert Vert / backslash ( ) ( ) [ ] \
    lfloor rfloor lceil rceil lbrace rbrace langle rangle / backslash ( ) [ ] lfloor rfloor lceil rceil \
    lbrace rbrace langle rangle / backslash / backslash ⎛ ⎞ ⎡ ⎤ ⎣ ⎦ ⎢ ⎥ ⎧ ⎫ ⎩ ⎭ ⎨ ⎬ ⎪ vert ⎝ ⎠ ⎜ ⎟ \
    langle rangle bigsqcup bigsqcup oint oint bigodot bigodot bigoplus bigoplus bigotimes bigotimes sum \
    prod int bigcup bigcap biguplus bigwedge bigvee sum prod int bigcup bigcap biguplus bigwedge bigvee \
    coprod coprod widehat widehat widehat widetilde widetilde widetilde [ ] lfloor rfloor lceil rceil \
    lbrace rbrace surd surd surd surd ⎷ radicalvertex radicaltop Vert uparrow downarrow braceld bracerd \
    bracelu braceru Uparrow Downarrow";

/// msam.
pub(super) const AMS_A: &str = "boxdot boxplus boxtimes square blacksquare centerdot lozenge blacklozenge circlearrowright \
    circlearrowleft - leftrightharpoons boxminus Vdash Vvdash vDash twoheadrightarrow twoheadleftarrow \
    leftleftarrows rightrightarrows upuparrows downdownarrows upharpoonright downharpoonright \
    upharpoonleft downharpoonleft rightarrowtail leftarrowtail leftrightarrows rightleftarrows Lsh Rsh \
    rightsquigarrow leftrightsquigarrow looparrowleft looparrowright circeq succsim gtrsim gtrapprox \
    multimap therefore because doteqdot triangleq precsim lesssim lessapprox eqslantless eqslantgtr \
    curlyeqprec curlyeqsucc preccurlyeq leqq leqslant lessgtr backprime - risingdotseq fallingdotseq \
    succcurlyeq geqq geqslant gtrless - - rhd lhd unrhd unlhd bigstar between blacktriangledown \
    blacktriangleright blacktriangleleft - - vartriangle blacktriangle triangledown eqcirc lesseqgtr \
    gtreqless lesseqqgtr gtreqqless - Rrightarrow Lleftarrow - veebar barwedge doublebarwedge - \
    measuredangle sphericalangle varpropto smallsmile smallfrown Subset Supset Cup Cap curlywedge \
    curlyvee leftthreetimes rightthreetimes subseteqq supseteqq bumpeq Bumpeq lll ggg - - - circledS \
    pitchfork dotplus backsim backsimeq - - - complement intercal circledcirc circledast circleddash";

/// msbm.
pub(super) const AMS_B: &str = "lvertneqq gvertneqq nleq ngeq nless ngtr nprec nsucc lneqq gneqq nleqslant ngeqslant lneq gneq \
    npreceq nsucceq precnsim succnsim lnsim gnsim nleqq ngeqq precneqq succneqq precnapprox succnapprox \
    lnapprox gnapprox nsim ncong diagup diagdown varsubsetneq varsupsetneq nsubseteqq nsupseteqq \
    subsetneqq supsetneqq varsubsetneqq varsupsetneqq subsetneq supsetneq nsubseteq nsupseteq nparallel \
    nmid nshortmid nshortparallel nvdash nVdash nvDash nVDash ntrianglerighteq ntrianglelefteq \
    ntriangleleft ntriangleright nleftarrow nrightarrow nLeftarrow nRightarrow nLeftrightarrow \
    nleftrightarrow divideontimes varnothing nexists A B C D E F G H I J K L M N O P Q R S T U V W X Y Z \
    - - - - - Finv Game b c d e f eth eqsim beth gimel daleth lessdot gtrdot ltimes rtimes shortmid \
    shortparallel smallsetminus thicksim thickapprox approxeq succapprox precapprox curvearrowleft \
    curvearrowright digamma varkappa Bbbk hslash - backepsilon";

/// stmary.
pub(super) const ST_MARY: &str = "shortleftarrow shortrightarrow shortuparrow shortdownarrow Yup Ydown Yleft Yright varcurlyvee \
    varcurlywedge minuso baro sslash bbslash moo varotimes varoast varobar varodot varoslash varobslash \
    varocircle varoplus varominus boxast boxbar boxdot boxslash boxbslash boxcircle boxbox boxempty \
    lightning merge vartimes fatsemi sswarrow ssearrow curlywedgeuparrow curlywedgedownarrow fatslash \
    fatbslash lbag rbag varbigcirc leftrightarroweq curlyveedownarrow curlyveeuparrow nnwarrow nnearrow \
    leftslice rightslice varolessthan varogreaterthan varovee varowedge talloblong interleave obar \
    obslash olessthan ogreaterthan ovee owedge oblong inplus niplus nplus subsetplus supsetplus \
    subsetpluseq supsetpluseq Lbag Rbag llbracket rrbracket llparenthesis rrparenthesis binampersand \
    bindnasrepma trianglelefteqslant trianglerighteqslant ntrianglelefteqslant ntrianglerighteqslant \
    llfloor rrfloor llceil rrceil arrownot Arrownot Mapstochar mapsfromchar Mapsfromchar \
    leftrightarrowtriangle leftarrowtriangle rightarrowtriangle bigtriangledown bigtriangleup \
    bigcurlyvee bigcurlywedge bigsqcap bigbox bigparallel biginterleave - - - - - - - - bignplus - - - - \
    - - - - - - - - - - -";

/// txsyc, pxsyc. Signs that nobody writes are left out.
pub(super) const SYMBOLS_C: &str = "- - - - - - - - - - - - - - - - - doteq - - - - - - - - - cong - - - - - - - - - - - - - - - - neq - \
    nequiv nsim - nsubset nsupset - - - - - - - - nsimeq notin notni - - - - coloneqq - - - - - - - - - - - \
    lbag rbag - - - - - - - - - - - - - - - - - - - - - - - - - boxast boxbslash boxbar boxslash - - - - - - \
    - - - - - - - - leadsto - - llbracket rrbracket";
