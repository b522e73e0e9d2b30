//! The statements of the notes, read from `statements.txt`.

static TEXT: &str = include_str!("statements.txt");

/// The option for the layout of the notes.
pub(crate) const DENOMINATOR: &str = "layout = \"denominator\"";

/// Statements about one subject.
#[derive(Default)]
pub(crate) struct Group {
    pub(crate) title: String,
    pub(crate) introduction: String,
    pub(crate) statements: Vec<Statement>,
}

/// A statement, with its function if it has one.
#[derive(Default)]
pub(crate) struct Statement {
    pub(crate) id: String,
    pub(crate) kind: Option<Kind>,
    /// The statement as it is right.
    pub(crate) says: String,
    /// What is printed instead, and why that is wrong.
    pub(crate) printed: String,
    pub(crate) why: String,
    pub(crate) note: String,
    /// Why a derivative comes out in another form.
    pub(crate) different: String,
    pub(crate) code: String,
    pub(crate) requests: Vec<Request>,
}

/// What is derived.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Kind {
    Gradient,
    Jacobian,
    Hessian,
}

/// A way to derive the function, and how books write the derivative by each parameter.
pub(crate) struct Request {
    pub(crate) options: String,
    pub(crate) books: Vec<Vec<String>>,
}

/// All statements, by subject.
pub(crate) fn groups() -> Vec<Group> {
    let mut groups: Vec<Group> = vec![];
    for block in TEXT.split("\n\n").filter(|block| !block.starts_with('#') || block.starts_with("## ")) {
        if let Some(heading) = block.strip_prefix("## ") {
            let (title, introduction) = heading.split_once('\n').unwrap_or((heading, ""));
            let (title, introduction) = (title.to_owned(), introduction.to_owned());
            groups.push(Group { title, introduction, statements: vec![] });
        } else {
            groups.last_mut().expect("a group comes first").statements.push(Statement::read(block));
        }
    }
    groups
}

impl Statement {
    fn read(block: &str) -> Statement {
        let (head, rest) = block.split_once('\n').expect("a statement says something");
        let (id, kind) = head.split_once(' ').unwrap_or((head, ""));
        let mut statement = Statement { id: id.to_owned(), kind: Kind::read(kind), ..Statement::default() };
        let mut fields: Vec<(&str, Vec<&str>)> = vec![];
        for line in rest.lines() {
            match (line.strip_prefix("    "), fields.last_mut()) {
                (Some(more), Some((_, lines))) => lines.push(more),
                _ => {
                    let (name, text) =
                        line.split_once(':').unwrap_or_else(|| panic!("{id}: a field, not {line}"));
                    fields.push((name, vec![text.trim_start()]));
                }
            }
        }
        fields.iter().for_each(|(name, lines)| statement.set(name, lines));
        statement
    }

    fn set(&mut self, field: &str, lines: &[&str]) {
        let text = lines.join(" ");
        match field {
            "says" => self.says = text,
            "printed" => self.printed = text,
            "why" => self.why = text,
            "note" => self.note = text,
            "different" => self.different = text,
            "code" => self.code = lines[1..].join("\n"),
            "derive" => self.requests.push(Request { options: text, books: vec![] }),
            "denominator" => {
                let books = text.split(" ; ").map(str::to_owned).collect();
                self.requests.push(Request { options: DENOMINATOR.to_owned(), books: vec![books] });
            }
            "book" => {
                let request = self.requests.last_mut().expect("`derive` comes before `book`");
                request.books.push(text.split(" ; ").map(str::to_owned).collect());
            }
            other => panic!("{}: `{other}` is no field", self.id),
        }
    }
}

impl Kind {
    fn read(text: &str) -> Option<Kind> {
        match text {
            "" => None,
            "gradient" => Some(Kind::Gradient),
            "jacobian" => Some(Kind::Jacobian),
            "hessian" => Some(Kind::Hessian),
            other => panic!("`{other}` is no kind of derivative"),
        }
    }
}
