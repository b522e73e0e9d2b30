//! The named rewrite rules. A rule without a name does not exist: whoever rewrites says which rule it was, and a test
//! demands that each of these is used somewhere and keeps the value.

/// Name of a rule, which is also its statement.
pub type Rule = &'static str;

macro_rules! rules {
    ($($name:ident = $text:literal;)*) => {
        $(#[doc = concat!("`", $text, "`")] pub const $name: Rule = $text;)*
        /// Every rule there is.
        pub static ALL: &[Rule] = &[$($name),*];
    };
}

rules! {
    LIKE_TERMS        = "c x + d x = (c + d) x";
    LIKE_FACTORS      = "xᵖ xᵠ = xᵖ⁺ᵠ";
    POWER_OF_EXP      = "(eᵘ)ᵖ = eᵖᵘ";
    CONTENT           = "2A + 2B as a factor = 2 (A + B)";
    COMMON_SCALAR     = "s x + s y = s (x + y)";
    COMMON_RIGHT      = "A C + B C = (A + B) C";
    COMMON_LEFT       = "C A + C B = C (A + B)";
    EXPAND            = "a (b + c) = a b + a c, if terms then cancel";
    UPRIGHT_SUM       = "aᵀXᵀ − bᵀ = (X a − b)ᵀ";
    TRANSPOSE_PRODUCT = "(A B)ᵀ = Bᵀ Aᵀ";
    RANK_ONE          = "a (bᵀ c) dᵀ = (bᵀ c) a dᵀ";
    SCALAR_TRANSPOSE  = "bᵀXᵀa = aᵀXb";
    ONES_OUTER        = "1 1ᵀ = ones";
    ONES_INNER        = "1ᵀ1 = n";
    SUM_OF_HADAMARD   = "1ᵀ(u ⊙ v) = uᵀ v";
    TRACE_OF_HADAMARD = "1ᵀ(A ⊙ B) 1 = tr AᵀB";
    DIAGONALS         = "diag u diag v = diag(u ⊙ v)";
    DIAGONAL_VECTOR   = "diag(u) v = u ⊙ v";
    KRONECKERS        = "(A ⊗ B)(C ⊗ D) = AC ⊗ BD";
    TRACE_SUM         = "tr(A + B) = tr A + tr B";
    TRACE_OUTER       = "tr(a bᵀ) = bᵀ a";
    TRACE_DIAGONAL    = "tr(diag(v) A) = vᵀ diagonal A";
    TRACE_CYCLE       = "tr(A B) = tr(B A) = tr(Bᵀ Aᵀ)";
    RESHAPE_OF_RESHAPE = "a reshape of a reshape is one";
    DIAGONAL_SCALED   = "diagonal(diag(v) A) = v ⊙ diagonal A";
    ONES_CANCEL       = "1ᵀ(u − s 1) = 1ᵀu − n s";
    DET_CHOLESKY      = "|chol S| = |S|^½";
    TRACE_KRONECKER   = "tr(A ⊗ B) = tr A tr B";
    DIAGONAL_OUTER    = "diagonal(a bᵀ) = a ⊙ b";
    FILLED            = "f(s 1) = f(s) 1";
    PARITY            = "f(−x) = ∓f(x)";
    LN_EXP            = "ln eᵘ = u";
    LN_OF_SUM_EXP     = "ln 1ᵀeˣ = lse x";
    LN_SOFTPLUS       = "ln(1 + eᵘ) = softplus u";
    LN_LOGISTIC       = "ln σ(u) = −softplus(−u)";
    LN_COMPLEMENT     = "ln(1 − σ(u)) = −softplus u";
    LN_SOFTMAX        = "ln softmax x = x − lse x";
    LOGISTIC          = "1/(1 + eᵘ) = σ(−u), eᵘ/(1 + eᵘ) = σ(u)";
    LOGISTIC_MINUS    = "σ(−u) = 1 − σ(u)";
    SOFTPLUS_MINUS    = "softplus(−u) = softplus(u) − u";
    COMPLEMENT        = "a σ(u) − a = −a (1 − σ(u))";
    SOFTMAX_SHIFT     = "softmax(x + c 1) = softmax x, lse(x + c 1) = c + lse x";
    SOFTMAX           = "eˣ / 1ᵀeˣ = softmax x";
    DECIDED           = "a comparison of integers that are known";
    TRUTH_AS_NUMBER   = "½ < (if p { 1 } else { 0 }) is p";
    UPDATE_ALL        = "X with every entry written is its entries";
    UPDATE_OF_ZERO    = "0 with a block V written is V, scattered";
    UPDATE_ADDS       = "X with V + X[i] written at i = X + scatter(V, i)";
    UPDATE_OF_PLACED  = "X with V written at i = X + scatter(V − X[i], i), if X[i] is known";
    UPDATE_OF_UPDATE  = "what is overwritten is forgotten";
    SLICE_OF_UPDATE   = "what is read where it was written is what was written";
    CARRY_KEEPS       = "a carried variable that never changes is no variable";
    CARRY_UPRIGHT     = "xᵀ is carried as x";
    CARRY_TWINS       = "carried variables that are always equal are one";
    CARRY_SUM         = "c ← c + tᵢ is Σ tᵢ";
    CARRY_WRITES      = "x[i] ← vᵢ, each place once, is Σ scatter(vᵢ − x₀[i], i)";
    BRANCH_KNOWN      = "a branch on what is known is no branch";
    BRANCH_SAME       = "a result that is the same in both branches is outside";
    BRANCH_ADDS       = "if p { c + s } else { c + t } = c + if p { s } else { t }";
    SYMMETRIC         = "Sᵀ = S, for S stated to be symmetric or read from one triangle";
    INVERSE_INVERSE   = "(A⁻¹)⁻¹ = A";
    INVERSE_PRODUCT   = "(A B)⁻¹ = B⁻¹A⁻¹ for square factors";
    INVERSE_DIAGONAL  = "diag(v)⁻¹ = diag(v⁻¹)";
    INVERSE_KRONECKER = "(A ⊗ B)⁻¹ = A⁻¹ ⊗ B⁻¹";
    INVERSE_CANCELS   = "A⁻¹A = I, A A⁻¹ = I";
    DET_PRODUCT       = "|A B| = |A| |B| for square factors";
    DET_INVERSE       = "|A⁻¹| = |A|⁻¹";
    DET_DIAGONAL      = "|A| = Π diagonal A for triangular A";
    LN_DETERMINANT    = "ln |A| is one function";
    CHOLESKY_PRODUCT  = "L Lᵀ = S and L⁻ᵀL⁻¹ = S⁻¹ for L = chol S";
    LN_DET_MULTIPLE   = "ln|k A| = n ln k + ln|A| for a number k > 0";
    LN_DET_CHOLESKY   = "Σ ln diagonal chol S = ½ ln |S|";
    COFACTOR          = "cof A / |A| = A⁻ᵀ";
    MIRROR            = "sym S = S for symmetric S";
    TRIANGLE          = "tril L = L, tril U = diag(diagonal U)";
    TRIANGLE_INVERSE  = "diagonal L⁻¹ = 1 / diagonal L";
    KRONECKER_VECTOR  = "(A ⊗ B) vec V = vec(B V Aᵀ)";
    COMMUTATIONS      = "K K = I";
    COMMUTED          = "(A ⊗ B) K = K (B ⊗ A)";
    COMMUTED_VECTOR   = "K vec X = vec Xᵀ";
    SLICE_OF_IDENTITY = "rows of I are I in zeros";
    EXP_COMMUTES      = "d exp(A)[A] = exp(A) A";
    SLICE_OF_SLICE    = "X[i..][j..] = X[i + j..]";
    SLICE_OF_ENTRIES  = "entry of a matrix made of entries";
    SLICE_OF_SCATTER  = "block of a matrix made of a block";
    SCATTER_OF_SCATTER = "zeros around zeros around a block are zeros around it";
    SCATTER_OF_SUM    = "(a eᵢ + b eⱼ) eₖᵀ = a eᵢ eₖᵀ + b eⱼ eₖᵀ";
    SLICE_OF_SUM      = "(A + B)[i] = A[i] + B[i], if either is made of entries";
    MERGED_ENTRIES    = "a eᵢ + b eⱼ is one matrix of entries";
    MERGED_BLOCKS     = "a eᵢ eⱼᵀ + b eᵢ eⱼᵀ = (a + b) eᵢ eⱼᵀ";
    MERGED_DIAGONALS  = "diag u + diag v = diag(u + v)";
    ENTRIES_INNER     = "the inner product of vectors of entries";
    SYMMETRISED_TWICE = "(I + K)(I + K) = 2 (I + K)";
    BLOCK_TIMES       = "a block in zeros times B is the block times rows of B, in zeros";
    UNIT_OUTER        = "u (s eⱼ)ᵀ = s u in zeros";
    TIMES_BLOCKS      = "A (Σ blocks in zeros) = Σ (A times a block), in zeros";
    BLOCK_VECTOR      = "vec of a block in zeros is its vec in zeros";
    PLACED_GRAM       = "(Σ a_i e_iᵀ)ᵀ (Σ b_j e_jᵀ) has the entries a_iᵀ b_j";
    SUM_INVARIANT     = "Σᵢ t = n t";
    SUM_LINEAR        = "Σᵢ L(tᵢ) = L(Σᵢ tᵢ)";
    SUM_SPLIT         = "Σᵢ (tᵢ + c) = Σᵢ tᵢ + n c";
}
