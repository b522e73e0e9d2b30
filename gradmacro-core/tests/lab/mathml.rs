//! Is MathML well formed?

/// How many elements these take.
const ARITY: &[(&str, usize)] =
    &[("msub", 2), ("msup", 2), ("mfrac", 2), ("msubsup", 3), ("munderover", 3), ("math", 1)];

/// Do the tags balance, has every element as many as it takes, and is all text in leaves and escaped?
pub fn well_formed(mathml: &str) -> Result<(), String> {
    let mut open: Vec<(&str, usize)> = vec![];
    let mut rest = mathml;
    while !rest.is_empty() {
        let (text, tag) = rest.split_once('<').ok_or("text behind the last tag")?;
        let is_leaf = open.last().is_some_and(|(tag, _)| matches!(*tag, "mi" | "mo" | "mn" | "mtext"));
        let ends_leaf = is_leaf && tag.starts_with('/');
        if text.contains('>') || text.is_empty() == ends_leaf {
            return Err(format!("text: {text}"));
        }
        let (tag, after) = tag.split_once('>').ok_or("an open tag")?;
        match tag.strip_prefix('/') {
            Some(name) => {
                let (own, elements) = open.pop().ok_or(format!("</{name}> closes nothing"))?;
                let arity = ARITY.iter().find(|(tag, _)| *tag == name).map(|(_, arity)| *arity);
                if own != name || arity.is_some_and(|arity| arity != elements) {
                    return Err(format!("<{own}> with {elements} elements, </{name}>"));
                }
            }
            None => {
                if let Some((_, elements)) = open.last_mut() {
                    *elements += 1;
                }
                open.push((tag.split(' ').next().unwrap_or(tag), 0));
            }
        }
        rest = after;
    }
    if open.is_empty() { Ok(()) } else { Err(format!("open: {open:?}")) }
}
