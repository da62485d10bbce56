//! What rust-analyzer reads to find the types of variables: the sources of Flatleaf, polars and plotters alone.
//!
//! With all they depend on, it reads 390 packages at each start and again where a
//! type is asked for first. No type that a cell names comes from the rest, so there
//! are manifests of our own beside the same sources, which leave the rest out.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;
use toml::Table;

use super::{
    failure::{Failure, Result},
    library,
    places::{Places, write},
};

/// Their types are those that cells name.
const KEPT: [&str; 4] = ["flatleaf", "polars", "plotters", "image"];

/// Writes the manifests of what was `built` (cargo's messages) out of `sources`.
pub fn write_manifests(places: &Places, sources: &Path, host: &str, built: &[Value]) -> Result<()> {
    let metadata = metadata(sources, host)?;
    let graph = Graph { packages: list(&metadata["packages"]).collect(), built };
    let _ = fs::remove_dir_all(places.analysis());
    for node in list(&metadata["resolve"]["nodes"]) {
        let Some(kept) = graph.kept(&node["id"]) else { continue };
        let manifest = graph.manifest(node, &kept).to_string();
        write(&places.analysis().join(kept.folder()).join("Cargo.toml"), &manifest)?;
    }
    Ok(())
}

/// The folder of the package called `name`, a path of the crate that cells depend on.
pub fn of_library(places: &Places) -> PathBuf {
    places.analysis().join(concat!("flatleaf-kernel-", env!("CARGO_PKG_VERSION")))
}

fn metadata(sources: &Path, host: &str) -> Result<Value> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", host, "--manifest-path"])
        .arg(library::manifest(sources))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|source| Failure::Start { program: "cargo".into(), source })?;
    let failed = || Failure::Cargo { doing: "listing the notebook library's packages".to_owned() };
    serde_json::from_slice(&output.stdout).map_err(|_| failed())
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A package whose types cells name, and the message that tells how it was built.
struct Kept<'a> {
    package: &'a Value,
    built: &'a Value,
}

impl Kept<'_> {
    fn folder(&self) -> String {
        format!("{}-{}", text(&self.package["name"]), text(&self.package["version"]))
    }
}

struct Graph<'a> {
    packages: Vec<&'a Value>,
    built: &'a [Value],
}

impl Graph<'_> {
    fn kept(&self, id: &Value) -> Option<Kept<'_>> {
        let package = self.packages.iter().find(|package| package["id"] == *id)?;
        let family = text(&package["name"]).split('-').next().unwrap_or_default();
        let is_library =
            |message: &Value| list(&message["target"]["kind"]).any(|kind| text(kind).ends_with("lib"));
        // Metadata knows of packages and features that no build has: those that weak features ask for.
        let built = self.built.iter().find(|message| message["package_id"] == *id && is_library(message))?;
        KEPT.contains(&family).then_some(Kept { package, built })
    }

    /// Its name, its sources, the features it is built with, and its dependencies among those that are kept.
    fn manifest(&self, node: &Value, kept: &Kept) -> Table {
        let Kept { package, built } = kept;
        let mut of_package =
            strings(["name", "version", "edition"].map(|key| (key, text(&package[key]).to_owned())));
        of_package.insert("build".to_owned(), false.into());
        let target = &built["target"];
        let library = [
            ("name", text(&target["name"]).replace('-', "_")),
            ("path", text(&target["src_path"]).to_owned()),
        ];
        let dependency = |dependency: &Value| {
            let kept = self.kept(&dependency["pkg"])?;
            let at = [
                ("package", text(&kept.package["name"]).to_owned()),
                ("path", format!("../{}", kept.folder())),
            ];
            Some((text(&dependency["name"]).to_owned(), strings(at).into()))
        };
        let parts = [
            ("package", of_package),
            ("lib", strings(library)),
            ("features", features(built)),
            ("dependencies", list(&node["deps"]).filter_map(dependency).collect()),
        ];
        parts.map(|(key, value)| (key.to_owned(), value.into())).into_iter().collect()
    }
}

fn strings<const N: usize>(pairs: [(&str, String); N]) -> Table {
    pairs.map(|(key, value)| (key.to_owned(), value.into())).into_iter().collect()
}

/// All that it is built with, as what it has by default.
fn features(built: &Value) -> Table {
    let names: Vec<&str> = list(&built["features"]).map(text).filter(|name| *name != "default").collect();
    let empty = names.iter().map(|name| ((*name).to_owned(), toml::Value::Array(Vec::new())));
    let all = toml::Value::Array(names.iter().map(|name| toml::Value::from(*name)).collect());
    empty.chain([("default".to_owned(), all)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_cells_name_keeps_its_sources_features_and_kin() {
        let package = |name: &str| json!({ "id": name, "name": name, "version": "1.0.0", "edition": "2021" });
        let packages = ["polars", "polars-core", "polars-sql", "rayon"].map(package);
        let build = |name: &str| {
            let target = json!({ "name": name, "kind": ["lib"], "src_path": format!("/{name}.rs") });
            json!({ "package_id": name, "features": ["csv", "default"], "target": target })
        };
        let built = ["polars", "polars-core", "rayon"].map(build);
        let graph = Graph { packages: packages.iter().collect(), built: &built };
        let dependency = |name: &str| json!({ "name": name.replace('-', "_"), "pkg": name });
        let dependencies = ["polars-core", "polars-sql", "rayon"].map(dependency);
        let node = json!({ "deps": dependencies });
        let wanted: Table = r#"
            package = { name = "polars", version = "1.0.0", edition = "2021", build = false }
            lib = { name = "polars", path = "/polars.rs" }
            features = { csv = [], default = ["csv"] }
            dependencies = { polars_core = { package = "polars-core", path = "../polars-core-1.0.0" } }
        "#
        .parse()
        .unwrap();
        assert_eq!(graph.manifest(&node, &graph.kept(&json!("polars")).unwrap()), wanted);
    }
}
