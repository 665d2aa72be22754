//! Why a file cannot be imported at all. What is wrong with single rows is a [`Finding`](super::Finding).

use thiserror::Error;

use super::target::TargetError;

#[derive(Debug, Error)]
pub enum ImportError {
    #[error("the file cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    #[error("the file has no rows")]
    Empty,
    #[error("{what} is larger than {limit} bytes; split the file")]
    TooLarge { what: &'static str, limit: u64 },
    #[error(
        "the file is neither text nor an XLSX workbook (a zero byte at byte {offset}); export it as CSV or XLSX"
    )]
    Binary { offset: u64 },
    #[error("byte {offset} is no character of Windows-1252, and the file is not UTF-8; export it as UTF-8")]
    Encoding { offset: u64 },
    #[error("line {line}: the row is longer than {limit} bytes; is a quotation mark not closed?")]
    RowTooLong { line: u64, limit: usize },
    #[error("row {row}: more than {limit} columns")]
    TooManyColumns { row: u64, limit: usize },
    #[error("the file has more than {limit} rows; split it")]
    TooManyRows { limit: u64 },
    #[error("the workbook is damaged: {0}")]
    Workbook(String),
    #[error(
        "the workbook is encrypted or of the format before 2007 (.xls); save it as .xlsx without a password"
    )]
    OldWorkbook,
    #[error("there is no sheet '{name}'; there are: {}", .sheets.join(", "))]
    NoSheet { name: String, sheets: Vec<String> },
    #[error("the mapping is wrong: {0}")]
    Mapping(String),
    #[error("the mapping wants column '{header}' for '{field}', and the file has no such column")]
    NoColumn { field: String, header: String },
    #[error("no column is mapped to '{field}', without which nothing can be imported")]
    Unmapped { field: &'static str },
    #[error("row {row}: too many documents have lines far apart; sort the file by document")]
    Scattered { row: u64 },
    #[error("stopped on request; what is staged can be resumed with the same file")]
    Stopped,
    #[error(transparent)]
    Target(#[from] TargetError),
}

impl ImportError {
    /// Stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "import_unreadable",
            Self::Empty => "import_empty",
            Self::TooLarge { .. } => "import_too_large",
            Self::Binary { .. } => "import_binary",
            Self::Encoding { .. } => "import_encoding",
            Self::RowTooLong { .. } => "import_row_too_long",
            Self::TooManyColumns { .. } => "import_too_many_columns",
            Self::TooManyRows { .. } => "import_too_many_rows",
            Self::Workbook(_) => "import_workbook",
            Self::OldWorkbook => "import_old_workbook",
            Self::NoSheet { .. } => "import_no_sheet",
            Self::Mapping(_) => "import_mapping",
            Self::NoColumn { .. } => "import_no_column",
            Self::Unmapped { .. } => "import_unmapped",
            Self::Scattered { .. } => "import_scattered",
            Self::Stopped => "import_stopped",
            Self::Target(error) => error.code(),
        }
    }
}
