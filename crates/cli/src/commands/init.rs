//! `anykey init`: a first configuration.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use anykey::SecretSource;
use anykey::adapter::{ConfigField, FieldKind, Vendor, closest};
use toml::{Table, Value};

use crate::args::{CheckArgs, InitArgs};
use crate::change::is_agreed;
use crate::commands::config_check;
use crate::config::schema;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::shell_command::shell_command;

mod draft;
mod keyring;
mod question;

use draft::{Draft, SCHEMA_FILE};
use question::Question;

/// The field of most vendors' credential.
const TOKEN: &str = "token";
/// The field that chooses between customers' keys and those of tests.
const ENVIRONMENT: &str = "environment";

/// Asks for what the options do not say, writes the file and checks it. A file that is there stays as it is.
pub(super) async fn run(context: &Context, args: InitArgs) -> Result<Exit, Failure> {
    if args.output.exists() {
        return Err(already_there(&args.output));
    }
    let vendor = vendor(context, &args).await?;
    let fields = vendor.fields().unwrap_or_default();
    check_given(&args, &fields)?;
    let has_token = fields.iter().any(|field| &*field.name == TOKEN);
    let names_token = args.token_env.is_some() || args.token_file.is_some() || args.token_keyring.is_some();
    if !has_token && names_token {
        return Err(Failure::Usage(format!(
            "{} has no field `{TOKEN}`; nothing was written",
            vendor.title()
        )));
    }
    let name = Question { text: "A name for it", option: "--name NAME", default: Some(vendor.name()) };
    let name = name.answer(context, args.name.as_deref()).await?;
    let mut draft = Draft { name, vendor: vendor.name().to_owned(), fields: Vec::new() };
    for field in &fields {
        if let Some(value) = value(context, &args, field).await? {
            draft.fields.push((field.name.to_string(), value));
        }
    }
    let mut variables = Vec::new();
    let needs_credential = fields.iter().any(|field| is_credential(field, &args));
    if let Some(page) = vendor.credentials_page().filter(|_| needs_credential) {
        context.note(&format!("credentials of {} are made or explained at {page}", vendor.title()));
    }
    for field in fields.iter().filter(|field| is_credential(field, &args)) {
        let source = secret_source(context, &args, &draft.name, field).await?;
        if let SecretSource::Env(variable) = &source {
            variables.push(variable.to_string());
        }
        draft.fields.push((field.name.to_string(), written(&source)?));
    }
    let folder = args.output.parent().unwrap_or(Path::new(""));
    write_new(&args.output, &draft.to_toml())?;
    context.note(&format!("wrote {}", args.output.display()));
    let schema_file = folder.join(SCHEMA_FILE);
    if !schema_file.exists() {
        write_new(&schema_file, &format!("{:#}\n", schema(&context.registry)))?;
        context.note(&format!("wrote {}, by which editors know the fields", schema_file.display()));
    }
    check(context, &args, &variables).await
}

async fn vendor<'a>(context: &'a Context, args: &InitArgs) -> Result<&'a Vendor, Failure> {
    let vendors = || context.registry.vendors().filter(|vendor| !vendor.is_over_others());
    if args.vendor.is_none() && context.terminal.can_ask {
        for vendor in vendors() {
            context.print_line("vendor", &format!("{:<14} {}", vendor.name(), vendor.title()));
        }
    }
    let known: Vec<_> = vendors().map(Vendor::name).collect();
    let option = format!("--vendor, one of {}", known.join(", "));
    let question = Question { text: "The vendor", option: &option, default: None };
    let word = question.answer(context, args.vendor.as_deref()).await?;
    Ok(context.registry.vendor(&word)?)
}

/// Refuses what no field takes, before anything is asked.
fn check_given(args: &InitArgs, fields: &[ConfigField]) -> Result<(), Failure> {
    let environment = args.environment.iter().map(|word| (ENVIRONMENT, word.as_str()));
    let set = args.set.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in environment.chain(set) {
        let Some(field) = fields.iter().find(|field| *field.name == *name) else {
            return Err(no_field(name, fields));
        };
        if field.kind.is_secret() {
            return Err(Failure::Usage(format!(
                "`{name}` is a secret, which no option takes; next: use --token-env, --token-file or --token-keyring, or \
                 write the place of it into the file"
            )));
        }
        typed(field, value)?;
    }
    Ok(())
}

fn no_field(name: &str, fields: &[ConfigField]) -> Failure {
    let known = || fields.iter().map(|field| &*field.name);
    let meant = closest(name, known()).map(|meant| format!("did you mean `{meant}`?"));
    let meant = meant.unwrap_or_else(|| format!("known are {}", known().collect::<Vec<_>>().join(", ")));
    Failure::Usage(format!("the vendor has no field `{name}`; {meant}"))
}

/// The value of a field: the one that is set, and of those that are needed the answer to a question.
async fn value(context: &Context, args: &InitArgs, field: &ConfigField) -> Result<Option<Value>, Failure> {
    let set = args.set.iter().find(|(name, _)| **name == *field.name).map(|(_, value)| value.as_str());
    let is_environment = &*field.name == ENVIRONMENT;
    let given = set.or(args.environment.as_deref().filter(|_| is_environment));
    let option = format!("--set {}=VALUE", field.name);
    let text = match given {
        Some(given) => given.to_owned(),
        None if is_environment && context.terminal.can_ask => {
            let question = Question { text: "live or sandbox", option: &option, default: Some("live") };
            question.answer(context, None).await?
        }
        None if field.required && !field.kind.is_secret() => {
            if context.terminal.can_ask && !field.help.is_empty() {
                context.print_line(&field.name, &field.help);
            }
            Question { text: &format!("`{}`", field.name), option: &option, default: None }
                .answer(context, None)
                .await?
        }
        None => return Ok(None),
    };
    typed(field, &text).map(Some)
}

/// `text` as a value of the field's kind.
fn typed(field: &ConfigField, text: &str) -> Result<Value, Failure> {
    let wrong = |what: &str| Failure::Usage(format!("`{}` is {what}; nothing was written", field.name));
    match &field.kind {
        FieldKind::Number => text.parse::<u32>().map(Value::from).map_err(|_| wrong("a whole number")),
        FieldKind::Flag => text.parse::<bool>().map(Value::from).map_err(|_| wrong("`true` or `false`")),
        FieldKind::List => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Ok(items.map(Value::from).collect::<Vec<_>>().into())
        }
        FieldKind::Choice(words) if !words.iter().any(|word| **word == *text) => {
            Err(wrong(&format!("one of {}", words.join(", "))))
        }
        FieldKind::Table => Err(wrong("a table, which is written into the file by hand")),
        _ => Ok(Value::from(text)),
    }
}

/// Whether the field holds a credential that the provider is to have: the token, and what the vendor does not do
/// without.
fn is_credential(field: &ConfigField, args: &InitArgs) -> bool {
    field.kind == FieldKind::Secret && (field.required || &*field.name == TOKEN) && !args.no_token
}

/// Where a credential is: an environment variable, a file, or the keyring, into which it is put at once.
async fn secret_source(
    context: &Context,
    args: &InitArgs,
    name: &str,
    field: &ConfigField,
) -> Result<SecretSource, Failure> {
    let is_token = &*field.name == TOKEN;
    if let Some(file) = args.token_file.as_ref().filter(|_| is_token) {
        return Ok(SecretSource::File(file.clone()));
    }
    context.note(&format!("`{}`: {}", field.name, field.help));
    let entry = args.token_keyring.as_ref().filter(|_| is_token).map(|entry| entry.as_deref());
    let entry = match entry {
        None if is_token && args.token_env.is_none() && context.terminal.can_ask => {
            let question = format!("Put `{}` into the system's keyring?", field.name);
            is_agreed(&question).await?.then_some(None)
        }
        entry => entry,
    };
    if let Some(entry) = entry {
        let entry = entry.map_or_else(|| format!("{name}/{}", field.name), ToOwned::to_owned);
        return keyring::put(context, &field.name, &entry).await;
    }
    let variable: String = format!("{name}_{}", field.name)
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' })
        .collect();
    let text = format!("The environment variable that holds `{}`", field.name);
    let question = Question { text: &text, option: "--token-env VARIABLE", default: Some(&variable) };
    let given = args.token_env.as_deref().filter(|_| is_token);
    Ok(SecretSource::Env(question.answer(context, given).await?.into()))
}

/// The source as it stands in a configuration.
fn written(source: &SecretSource) -> Result<Value, Failure> {
    let table = |field: &str, text: String| Table::from_iter([(field.to_owned(), text.into())]).into();
    match source {
        SecretSource::Env(variable) => Ok(table("env", variable.to_string())),
        SecretSource::File(file) => Ok(table("file", file.display().to_string())),
        SecretSource::Keyring(entry) => Ok(table("keyring", entry.to_string())),
        other => Err(Failure::Usage(format!("{other} cannot be written"))),
    }
}

/// Creates a file, and never replaces one.
fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let created = OpenOptions::new().write(true).create_new(true).open(path);
    created.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => already_there(path),
        _ => Failure::Usage(format!("{} cannot be written: {error}", path.display())),
    })
}

fn already_there(path: &Path) -> Failure {
    Failure::Usage(format!(
        "{} is there already and stays as it is; next: add a provider to it by hand, or name another file with --output",
        path.display()
    ))
}

/// Checks what was written, once the credentials are there.
async fn check(context: &Context, args: &InitArgs, variables: &[String]) -> Result<Exit, Failure> {
    let unset: Vec<_> = variables
        .iter()
        .map(String::as_str)
        .filter(|variable| std::env::var_os(variable).is_none())
        .collect();
    if !unset.is_empty() {
        context.note(&format!(
            "next: set {}, and then `{}`",
            unset.join(" and "),
            shell_command(Some(&args.output), ["config", "check", "--online"])
        ));
        return Ok(Exit::Done);
    }
    config_check::check_file(context, Some(&args.output), None, CheckArgs { online: !args.offline }).await
}
