//! Aliases of State Machines: names that lead to one version, or to two by weight.
//! Separate because routing has rules of its own, and the service words each of them.

use std::sync::Arc;

use super::arn::{Qualifier, Resource};
use super::machines::{base_arn, labelled, machine_arn, unqualified};
use super::registry::{Alias, Route, StateMachine};
use super::{Change, Control, Page, Refusal, Registry};
use crate::Timestamp;

/// A version that an alias leads to, and how many of a hundred executions it gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteTo {
    /// The version's ARN.
    pub version: String,
    /// Its share in percent.
    pub weight: u64,
}

/// An alias.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AliasDescription {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Where it leads.
    pub routes: Vec<RouteTo>,
    /// When it was created.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

/// How many aliases a State Machine may have.
const MOST_ALIASES: usize = 100;

impl Control {
    /// Creates an alias. Doing it again with the same routes and description changes nothing.
    ///
    /// # Errors
    /// As the service's `CreateStateMachineAlias`.
    pub fn create_alias(
        &self,
        name: &str,
        description: Option<String>,
        routes: &[RouteTo],
    ) -> Result<AliasDescription, Refusal> {
        let mut registry = self.registry();
        let (machine, routes) = registry.routes(routes)?;
        let now = self.now();
        let (arn, count) = (Arc::clone(&machine.arn), machine.aliases.len());
        if let Some(there) = machine.aliases.get(name) {
            if there.routes == routes && there.description == description {
                return Ok(machine.describe_alias(name, there));
            }
            let message = "Failed to create alias because an alias with the same name and a different routing configuration already exists.";
            return Err(Refusal::new("ConflictException", message));
        }
        if count >= MOST_ALIASES {
            let message =
                format!("The maximum number of aliases ({MOST_ALIASES}) has been reached for '{arn}'");
            return Err(Refusal::new("ServiceQuotaExceededException", message));
        }
        let alias = Alias { description, routes, created: now, updated: now };
        let described = machine.describe_alias(name, &alias);
        registry.apply(Change::AliasSet { machine: arn, name: name.to_owned(), alias });
        Ok(described)
    }

    /// Changes where an alias leads, or what it is for.
    ///
    /// # Errors
    /// As the service's `UpdateStateMachineAlias`.
    pub fn update_alias(
        &self,
        arn: &str,
        description: Option<String>,
        routes: Option<&[RouteTo]>,
    ) -> Result<Timestamp, Refusal> {
        if description.is_none() && routes.is_none() {
            let message = "Either the description or the RoutingConfiguration must be specified";
            return Err(Refusal::validation(message).with_detail("reason", "MISSING_REQUIRED_PARAMETER"));
        }
        let now = self.now();
        let mut registry = self.registry();
        let (machine, name) = registry.alias(arn)?;
        let (base, old) = (Arc::clone(&machine.arn), machine.aliases[name].clone());
        let routes = match routes {
            None => old.routes,
            Some(routes) => {
                let (target, routes) = registry.routes(routes)?;
                if target.arn != base {
                    return Err(invalid_routing(format!(
                        "Routing configuration must contain versions of the state machine of the alias. Received: {}",
                        target.arn
                    )));
                }
                routes
            }
        };
        let alias = Alias { description: description.or(old.description), routes, updated: now, ..old };
        registry.apply(Change::AliasSet { machine: base, name: name.to_owned(), alias });
        Ok(now)
    }

    /// Describes an alias.
    ///
    /// # Errors
    /// As the service's `DescribeStateMachineAlias`.
    pub fn describe_alias(&self, arn: &str) -> Result<AliasDescription, Refusal> {
        let registry = self.registry();
        let (machine, name) = registry.alias(arn)?;
        Ok(machine.describe_alias(name, &machine.aliases[name]))
    }

    /// Lists the aliases of a State Machine, or those that lead to one version of it.
    ///
    /// # Errors
    /// As the service's `ListStateMachineAliases`.
    pub fn list_aliases(
        &self,
        arn: &str,
        page: &Page,
    ) -> Result<(Vec<AliasDescription>, Option<String>), Refusal> {
        let Resource::StateMachine { qualifier, .. } = machine_arn(arn)?.resource else {
            return Err(Refusal::no_such_machine(arn));
        };
        let version = match qualifier {
            None => None,
            Some(Qualifier::Version(number)) => Some(number),
            Some(Qualifier::Label(_)) => return Err(labelled(arn)),
            Some(Qualifier::Alias(_)) => return Err(Refusal::no_such_machine(arn)),
        };
        let aliases: Vec<_> = {
            let registry = self.registry();
            let machine = registry.live_machine(base_arn(arn))?;
            let leads_there =
                |alias: &Alias| version.is_none_or(|it| alias.routes.iter().any(|route| route.version == it));
            let wanted = machine.aliases.iter().filter(|(_, alias)| leads_there(alias));
            wanted.map(|(name, alias)| machine.describe_alias(name, alias)).collect()
        };
        self.pager().cut(self.now(), &format!("aliases {arn}"), aliases, page, |alias| alias.arn.clone())
    }

    /// Deletes an alias.
    ///
    /// # Errors
    /// As the service's `DeleteStateMachineAlias`.
    pub fn delete_alias(&self, arn: &str) -> Result<(), Refusal> {
        let mut registry = self.registry();
        let (machine, name) = registry.alias(arn)?;
        let machine = Arc::clone(&machine.arn);
        registry.apply(Change::AliasDeleted { machine, name: name.to_owned() });
        Ok(())
    }
}

impl Registry {
    /// The alias of that ARN, with its State Machine.
    pub(super) fn alias<'a>(&self, arn: &'a str) -> Result<(&StateMachine, &'a str), Refusal> {
        let Resource::StateMachine { qualifier: Some(Qualifier::Alias(name)), .. } =
            machine_arn(arn)?.resource
        else {
            return Err(Refusal::invalid_arn(format_args!("Invalid ARN: {arn}")));
        };
        let not_there = || {
            Refusal::new("ResourceNotFound", "Request references a resource that does not exist.")
                .with_detail("resourceName", arn)
        };
        let machine = self.machines.get(base_arn(arn)).ok_or_else(not_there)?;
        if machine.aliases.contains_key(name) { Ok((machine, name)) } else { Err(not_there()) }
    }

    /// Checks where an alias is to lead.
    fn routes(&self, routes: &[RouteTo]) -> Result<(&StateMachine, Vec<Route>), Refusal> {
        let arns = || {
            let arns: Vec<&str> = routes.iter().map(|route| route.version.as_str()).collect();
            format!("[{}]", arns.join(", "))
        };
        if let [one, other] = routes
            && one.version == other.version
        {
            let message = "Routing configuration must contain distinct state machine version ARNs.";
            return Err(invalid_routing(format!("{message} Received: {}", arns())));
        }
        if routes.iter().map(|route| route.weight).sum::<u64>() != 100 {
            let weights: Vec<u64> = routes.iter().map(|route| route.weight).collect();
            let message = "Sum of routing configuration weights must equal 100.";
            return Err(invalid_routing(format!("{message} Received: {weights:?}")));
        }
        let mut found = Vec::new();
        let mut machines = Vec::new();
        for route in routes {
            let no_version = || {
                let message = "Routing configuration must contain state machine version ARNs.";
                invalid_routing(format!("{message} Received: {}", arns()))
            };
            let parsed = machine_arn(&route.version)?;
            let Resource::StateMachine { qualifier: Some(Qualifier::Version(version)), .. } = parsed.resource
            else {
                return Err(no_version());
            };
            let base = base_arn(&route.version);
            unqualified(base)?;
            let machine = self.live_machine(base)?;
            if !machine.versions.contains_key(&version) {
                let refusal =
                    Refusal::new("ResourceNotFound", "Request references a resource that does not exist.");
                return Err(refusal.with_detail("resourceName", route.version.clone()));
            }
            machines.push(machine);
            found.push(Route { version, weight: route.weight });
        }
        match machines[..] {
            [machine] => Ok((machine, found)),
            [machine, other] if machine.arn == other.arn => Ok((machine, found)),
            _ => {
                let message = "Routing configuration must contain versions of the same state machine.";
                Err(invalid_routing(format!("{message} Received: {}", arns())))
            }
        }
    }
}

impl StateMachine {
    fn describe_alias(&self, name: &str, alias: &Alias) -> AliasDescription {
        let route = |route: &Route| RouteTo {
            version: format!("{}:{}", self.arn, route.version),
            weight: route.weight,
        };
        AliasDescription {
            arn: format!("{}:{name}", self.arn),
            name: name.to_owned(),
            description: alias.description.clone(),
            routes: alias.routes.iter().map(route).collect(),
            created: alias.created,
            updated: alias.updated,
        }
    }
}

fn invalid_routing(message: String) -> Refusal {
    Refusal::validation(message).with_detail("reason", "INVALID_ROUTING_CONFIGURATION")
}
