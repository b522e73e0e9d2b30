//! What one case expands to: data, the generated gradient, and all that it is compared with.

/// The gradient of a function by the parameters named `wrt`. All parameters are references to what their maker gives; `hand`
/// and the function take all of them, the expression of num-dual the differentiated ones as one vector.
/// A symmetric matrix of `side` rows among the variables, `from` which variable on, has a symmetric gradient.
macro_rules! gradient {
    ($report:ident, $name:literal [$n:literal $(, symmetric $side:literal from $first:literal)?], $f:path => $grad:path,
     wrt ($($w:ident),+), ($($p:ident = $data:expr),+),
     by hand [$($hand:path),* $(,)?] $(, num-dual $kind:ident |$v:ident| $dual:expr)?) => {
        gradient!(@ $report, $name, $n, [$($side, $first)?], $f, $grad, ($($w),+), ($($p),+), ($($p = $data),+),
            [$($hand),*], $($kind |$v| $dual)?)
    };
    (@ $report:ident, $name:literal, $n:literal, [$($side:literal, $first:literal)?], $f:path, $grad:path, ($($w:ident),+), $all:tt,
     ($($p:ident = $data:expr),+), [$($hand:path),*], $($kind:ident |$v:ident| $dual:expr)?) => {
        if $report.wants($name) {
            let random = &mut Random::new();
            $(let $p = ($data)(random);)+
            // This first call tells the types of the data.
            let outputs = $f($(&$p),+).numbers().len();
            let inputs: Vec<Vec<f64>> = vec![$($p.numbers()),+];
            let mut rivals = vec![];
            by_hand!(rivals, [$($hand),*], $all);
            let mut numbers: Vec<f64> = vec![];
            $($w.append(&mut numbers);)+
            let at = SVector::<f64, $n>::from_column_slice(&numbers);
            by_duals!(rivals, at, $all, $($kind |$v| $dual)?);
            let differences = || {
                $(#[allow(unused_mut)] let mut $p = *black_box(&$p);)+
                let mut jacobian = [0.0; MOST_RESULTS * $n];
                let mut columns = jacobian.chunks_exact_mut(outputs);
                $(moved!(columns, $w, $f, $all);)+
                $(symmetrise(&mut jacobian[$first..], $side);)?
                Flat(jacobian, outputs * $n)
            };
            rivals.push((Rival::Differences, Subject::new(differences)));
            rivals.push((Rival::Value, Subject::new(|| $f($(black_box(&$p)),+))));
            rivals.extend(casadi::rival($name, &inputs, outputs * $n));
            let ours = Subject::new(|| $grad($(black_box(&$p)),+));
            let (function, variables, derivative) = ($name, $n, if outputs == 1 { "gradient" } else { "Jacobian" });
            $report.compare(Comparison { function, variables, derivative, ours, rivals });
        }
    };
}

macro_rules! by_hand {
    ($rivals:ident, [$($hand:path),*], $data:tt) => {
        $($rivals.push((Rival::Hand, Subject::new(|| called!($hand, $data))));)*
    };
}

macro_rules! called {
    ($function:path, ($($p:ident),+)) => {
        $function($(black_box(&$p)),+)
    };
}

macro_rules! by_duals {
    ($rivals:ident, $at:ident, ($($p:ident),+),) => {};
    ($rivals:ident, $at:ident, ($($p:ident),+), $kind:ident |$v:ident| $dual:expr) => {
        $rivals.push((Rival::NumDual, Subject::new(|| {
            $(#[allow(unused_variables)] let $p = black_box(&$p);)+
            num_dual::$kind(|$v| $dual, black_box(&$at)).1
        })));
    };
}

macro_rules! moved {
    ($columns:ident, $w:ident, $function:path, ($($p:ident),+)) => {
        for j in 0..$w.len() {
            let old = $w[j];
            let step = step(old);
            $w[j] = old + step;
            let above = $function($(&$p),+);
            $w[j] = old - step;
            let below = $function($(&$p),+);
            $w[j] = old;
            if let Some(column) = $columns.next() {
                quotient(column, &above, &below, step);
            }
        }
    };
}
