//! Types read, explained and spelt.

use super::*;
use quote::ToTokens;

fn classify(ty: &str) -> Result<Type, Unfit> {
    let function: syn::Signature =
        syn::parse_str("fn f<const N: usize, const M: usize, T: RealField>()").unwrap();
    let state = Alias {
        path: vec![syn::parse_str("State").unwrap()],
        ty: syn::parse_str("&SVector<Real, 4>").unwrap(),
    };
    let real = Alias { path: vec![syn::parse_str("Real").unwrap()], ty: syn::parse_str("f32").unwrap() };
    let a = Alias { path: vec![syn::parse_str("A").unwrap()], ty: syn::parse_str("B").unwrap() };
    let b = Alias { path: vec![syn::parse_str("B").unwrap()], ty: syn::parse_str("A").unwrap() };
    let aliases = Aliases::new(vec![state, real, a, b]);
    let constants = Constants::from([("SIX".to_owned(), Dim::Known(6))]);
    let ty: syn::Type = syn::parse_str(ty).unwrap();
    Scope::new(&aliases, &function.generics).with_constants(&constants).classify(&ty)
}

fn shown(ty: &str) -> String {
    match classify(ty) {
        Ok(ty) => ty.to_string(),
        Err(unfit) => unfit.key(),
    }
}

#[test]
fn types_mean_what_they_say() {
    for (written, meant) in [
        ("f64", "f64"),
        ("&'a f32", "f32"),
        ("Vector3<f64>", "SVector<f64, 3>"),
        ("nalgebra::RowVector2<f64>", "RowSVector<f64, 2>"),
        ("&SMatrix<f64, 2, N>", "SMatrix<f64, 2, N>"),
        ("na::Matrix2x5<f32>", "SMatrix<f32, 2, 5>"),
        ("Matrix4<f64>", "SMatrix<f64, 4, 4>"),
        ("OVector<f64, Const<3>>", "SVector<f64, 3>"),
        ("OMatrix<f64, U2, na::Const<{ N }>>", "SMatrix<f64, 2, N>"),
        ("SVector<f64, SIX>", "SVector<f64, 6>"),
        ("SVector<f64, { SIX + 2 }>", "SVector<f64, 8>"),
        ("SVector<f64, 3usize>", "SVector<f64, 3>"),
        ("SVector<f64, { Self::N }>", "SVector<f64, Self::N>"),
        ("SVector<f64, { A+B }>", "SVector<f64, { A+B }>"),
        ("State", "SVector<f32, 4>"),
        ("(Real, usize, Model)", "(f32, usize, _)"),
        ("Option<&[Vector2<f64>; 3]>", "Option<[SVector<f64, 2>; 3]>"),
        ("()", "()"),
    ] {
        assert_eq!(shown(written), meant, "{written}");
    }
}

#[test]
fn other_types_say_why() {
    for (written, key) in [
        ("DVector<f64>", "dynamic"),
        ("MatrixXx3<f64>", "dynamic"),
        ("OMatrix<f64, Dyn, U3>", "dynamic"),
        ("&[f64]", "dynamic"),
        ("SVector<f64, { N + 1 }>", "size N"),
        ("[f64; N * 2]", "size N"),
        ("SVector<T, 3>", "type parameter T"),
        ("Pose", "name Pose"),
        ("Vectr3<f64>", "name Vectr3"),
        ("SVector<f64>", "arguments SVector<T, N>"),
        ("Vector3<f64, 3>", "arguments Vector3<T>"),
        ("SVector<u8, 3>", "entries"),
        ("Similarity3<f64>", "foreign"),
        ("&mut f64", "mutable"),
        ("A", "name A"),
    ] {
        assert_eq!(shown(written), key, "{written}");
    }
}

#[test]
fn spelling_is_fully_qualified() {
    let nalgebra = syn::parse_quote!(::nalgebra);
    for (written, spelt) in [
        ("f64", "f64"),
        ("Vector3<f64>", "::nalgebra::SVector<f64, 3>"),
        ("RowVector3<f64>", "::nalgebra::RowSVector<f64, 3>"),
        ("SMatrix<f64, N, SIZE>", "::nalgebra::SMatrix<f64, N, SIZE>"),
        ("SVector<f64, { Self::N }>", "::nalgebra::SVector<f64, { Self::N }>"),
        ("SVector<f64, { A + B }>", "::nalgebra::SVector<f64, { A + B }>"),
    ] {
        let ty = classify(written).unwrap_or(Type::Other);
        let tokens = spell(ty.shape().unwrap(), ty.scalar().unwrap(), &nalgebra);
        let wanted: syn::Type = syn::parse_str(spelt).unwrap();
        assert_eq!(tokens.to_string(), wanted.to_token_stream().to_string());
    }
}
