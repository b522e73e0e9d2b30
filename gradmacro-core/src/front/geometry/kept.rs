//! Geometry that is kept: its node is read from it once.
//!
//! Example: a parameter `r: &Rotation3<f64>` that is not differentiated gives `let whole = r;` and the matrix
//! `*whole.matrix()`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::kinds::{Kind, Turn};
use crate::front::kept::KeptType;
use crate::front::reader::Reader;
use crate::front::types::Scalar;
use crate::front::value::Value;

impl<'g> Reader<'g> {
    /// A parameter of such a type.
    pub(in crate::front) fn given_geometry(&self, name: &Ident, kind: Kind) -> Value<'g> {
        if self.request.wrt.contains(name) {
            // The request has reported it.
            return Value::Poison;
        }
        let ty = KeptType::Geometry(kind);
        let serial = {
            let mut keeper = self.state.keeper.borrow_mut();
            let serial = keeper.add(quote!(#name), Vec::new(), false);
            keeper.decide(serial, ty);
            serial
        };
        ty.value(self.kept_node(serial, ty))
    }
}

impl Kind {
    /// The node of a value of this type, in Rust.
    pub(in crate::front) fn read_from(
        self,
        value: &TokenStream,
        scalar: Scalar,
        nalgebra: &syn::Path,
    ) -> TokenStream {
        let whole = Ident::new("whole", Span::mixed_site());
        let entries = self.entries(&whole);
        let node = match self {
            Kind::Turn(turn) if turn.is_matrix() => quote!(*#whole.matrix()),
            Kind::Point(_) | Kind::Quaternion | Kind::Turn(Turn::Unit) => quote!(#whole.coords),
            Kind::Translation(_) => quote!(#whole.vector),
            Kind::Isometry(turn) if turn.is_matrix() => {
                let (rows, columns) = (turn.size(), turn.size() + 1);
                let columns = proc_macro2::Literal::usize_unsuffixed(columns);
                let rows = proc_macro2::Literal::usize_unsuffixed(rows);
                quote!(#whole.to_homogeneous().fixed_view::<#rows, #columns>(0, 0).into_owned())
            }
            Kind::Turn(_) | Kind::Isometry(_) => {
                let count = proc_macro2::Literal::usize_unsuffixed(entries.len());
                quote!(#nalgebra::SVector::<#scalar, #count>::from([#(#entries),*]))
            }
        };
        quote!({ let #whole = &#value; #node })
    }

    /// The coordinates that are read one by one.
    fn entries(self, whole: &Ident) -> Vec<TokenStream> {
        match self {
            Kind::Turn(Turn::Complex) => vec![quote!(#whole.re), quote!(#whole.im)],
            Kind::Isometry(Turn::Complex) => vec![
                quote!(#whole.rotation.re),
                quote!(#whole.rotation.im),
                quote!(#whole.translation.vector.x),
                quote!(#whole.translation.vector.y),
            ],
            Kind::Isometry(Turn::Unit) => {
                let names = ["x", "y", "z", "w"].map(|name| Ident::new(name, Span::mixed_site()));
                let rotation = names.iter().map(|name| quote!(#whole.rotation.coords.#name));
                let translation = names[..3].iter().map(|name| quote!(#whole.translation.vector.#name));
                rotation.chain(translation).collect()
            }
            _ => Vec::new(),
        }
    }
}
