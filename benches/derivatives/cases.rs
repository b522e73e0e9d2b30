//! What one case expands to: the annotated function, its data, and a row for each derivative.

/// A scalar function of `x`, whose variables num-dual gets as one vector: Hessian, all three, Hessian times a vector.
macro_rules! hessians {
    ($report:ident, $name:literal [$n:literal] ($($option:tt)*), num-dual: $dual:path,
     ($x:ident, $v:ident: $X:ty = $at:expr $(, $p:ident: $P:ty = $data:expr)*) $body:block
     $(, $derivative:ident by hand: $hand:expr)*) => {
        if $report.wants($name) {
            #[derive_grad(hessian, hvp $($option)*)]
            fn f($x: &$X $(, $p: &$P)*) -> f64 $body

            let random = &mut Random::new();
            let $x: $X = $at(random);
            $(let $p: $P = $data(random);)*
            let $v: $X = Random::matrix(random);
            let flat = SVector::<f64, $n>::from_column_slice($x.as_slice());
            let along = flat.zip_map(&SVector::from_column_slice($v.as_slice()), Dual64::new);
            #[allow(unused_mut)]
            let mut by_hand: Vec<(&str, Subject<'_>)> = vec![$((stringify!($derivative), Subject::new(|| $hand))),*];
            let mut hand = |name: &str| {
                let found = by_hand.iter().position(|(of, _)| *of == name)?;
                Some((Rival::Hand, by_hand.remove(found).1))
            };

            let dual = || hessian(|x| $dual(&x $(, black_box(&$p))*), black_box(&flat));
            let gradient = |x: &$X| f_grad(x $(, black_box(&$p))*);
            $report.compare(Comparison {
                function: $name,
                variables: $n,
                derivative: "hessian",
                ours: Subject::new(|| f_hessian(black_box(&$x) $(, black_box(&$p))*)),
                rivals: [
                    Some((Rival::NumDual, Subject::new(|| dual().2))),
                    Some((Rival::Differences,
                        Subject::new(|| differences::<_, _, $n>(black_box(&$x), gradient)))),
                    hand("hessian"),
                ].into_iter().flatten().collect(),
            });
            $report.compare(Comparison {
                function: $name,
                variables: $n,
                derivative: "value_grad_hessian",
                ours: Subject::new(|| f_value_grad_hessian(black_box(&$x) $(, black_box(&$p))*)),
                rivals: [Some((Rival::NumDual, Subject::new(dual))), hand("value_grad_hessian")]
                    .into_iter().flatten().collect(),
            });
            $report.compare(Comparison {
                function: $name,
                variables: $n,
                derivative: "hvp",
                ours: Subject::new(|| f_hvp(black_box(&$x) $(, black_box(&$p))*, black_box(&$v))),
                rivals: [
                    Some((Rival::NumDual, Subject::new(|| {
                        gradient_of(|x| $dual(&x $(, black_box(&$p))*), black_box(&along)).1.map(|d| d.eps)
                    }))),
                    Some((Rival::Differences,
                        Subject::new(|| difference_along(black_box(&$x), black_box(&$v), gradient)))),
                    hand("hvp"),
                ].into_iter().flatten().collect(),
            });
        }
    };
}

/// A function with `m` results of one vector: Jacobian, value and Jacobian, `gauss_newton`.
macro_rules! jacobians {
    ($report:ident, $name:literal [$m:literal x $n:literal] ($($option:tt)*), num-dual: $dual:path,
     ($x:ident: $X:ty = $at:expr $(, $p:ident: $P:ty = $data:expr)*) $body:block
     $(, $derivative:ident by hand: $hand:expr)*) => {
        if $report.wants($name) {
            #[derive_grad(gauss_newton $($option)*)]
            fn f($x: &$X $(, $p: &$P)*) -> SVector<f64, $m> $body

            let random = &mut Random::new();
            let $x: $X = $at(random);
            $(let $p: $P = $data(random);)*
            #[allow(unused_mut)]
            let mut by_hand: Vec<(&str, Subject<'_>)> = vec![$((stringify!($derivative), Subject::new(|| $hand))),*];
            let mut hand = |name: &str| {
                let found = by_hand.iter().position(|(of, _)| *of == name)?;
                Some((Rival::Hand, by_hand.remove(found).1))
            };

            let dual = || jacobian(|x| $dual(&x $(, black_box(&$p))*), black_box(&$x));
            $report.compare(Comparison {
                function: $name,
                variables: $n,
                derivative: "jacobian",
                ours: Subject::new(|| f_jacobian(black_box(&$x) $(, black_box(&$p))*)),
                rivals: [
                    Some((Rival::NumDual, Subject::new(|| dual().1))),
                    Some((Rival::Differences, Subject::new(|| {
                        vector_differences(black_box(&$x), |x| f(x $(, black_box(&$p))*))
                    }))),
                    hand("jacobian"),
                ].into_iter().flatten().collect(),
            });
            $report.compare(Comparison {
                function: $name,
                variables: $n,
                derivative: "value_and_jacobian",
                ours: Subject::new(|| f_value_and_jacobian(black_box(&$x) $(, black_box(&$p))*)),
                rivals: vec![(Rival::NumDual, Subject::new(dual))],
            });
            $report.compare(Comparison {
                function: $name,
                variables: $n,
                derivative: "gauss_newton",
                ours: Subject::new(|| f_gauss_newton(black_box(&$x) $(, black_box(&$p))*)),
                rivals: [
                    Some((Rival::NumDual, Subject::new(|| {
                        let (r, j) = dual();
                        (r.norm_squared() * 0.5, j.tr_mul(&r), j.tr_mul(&j))
                    }))),
                    hand("gauss_newton"),
                ].into_iter().flatten().collect(),
            });
        }
    };
}
