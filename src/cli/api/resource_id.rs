//! The Azure resource id of a workspace, by which it admits callers who are not among its users yet: it is looked up whether
//! they may manage the resource.

use super::bad;
use crate::error::Error;

/// The header that carries it.
pub(super) const HEADER: &str = "X-Databricks-Azure-Workspace-Resource-Id";

/// The id, whole or in parts.
#[derive(clap::Args, Debug, Default)]
#[command(next_help_heading = "The workspace as an Azure resource (X-Databricks-Azure-Workspace-Resource-Id)")]
pub(super) struct WorkspaceFlags {
    /// `/subscriptions/…/resourceGroups/…/providers/Microsoft.Databricks/workspaces/…`
    #[arg(long, value_name = "ID", conflicts_with_all = ["subscription", "resource_group", "workspace"])]
    workspace_resource_id: Option<String>,
    /// Subscription, by its id; with the next two
    #[arg(long, value_name = "GUID", requires_all = ["resource_group", "workspace"])]
    subscription: Option<String>,
    /// Resource group
    #[arg(long, value_name = "NAME", requires_all = ["subscription", "workspace"])]
    resource_group: Option<String>,
    /// Workspace, by its name in Azure
    #[arg(long, value_name = "NAME", requires_all = ["subscription", "resource_group"])]
    workspace: Option<String>,
}

impl WorkspaceFlags {
    /// The whole id.
    pub(super) fn id(&self) -> Result<Option<String>, Error> {
        let Self {
            workspace_resource_id,
            subscription,
            resource_group,
            workspace,
        } = self;
        if let Some(id) = workspace_resource_id {
            return whole(id).map(Some);
        }
        match (subscription, resource_group, workspace) {
            (Some(subscription), Some(group), Some(workspace)) => {
                of(subscription, group, workspace, Flags::Parts).map(Some)
            }
            _ => Ok(None),
        }
    }
}

/// What was typed, for errors.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flags {
    Whole,
    Parts,
}

fn whole(id: &str) -> Result<String, Error> {
    let parts: Vec<&str> = id.trim_end_matches('/').split('/').collect();
    if let [
        "",
        subscriptions,
        subscription,
        groups,
        group,
        providers,
        provider,
        workspaces,
        workspace,
    ] = parts[..]
        && [
            (subscriptions, "subscriptions"),
            (groups, "resourceGroups"),
            (providers, "providers"),
            (provider, "Microsoft.Databricks"),
            (workspaces, "workspaces"),
        ]
        .iter()
        .all(|(have, word)| have.eq_ignore_ascii_case(word))
    {
        return of(subscription, group, workspace, Flags::Whole);
    }
    Err(bad(
        "`--workspace-resource-id`: expected `/subscriptions/…/resourceGroups/…/providers/Microsoft.Databricks/workspaces/…`",
    ))
}

fn of(subscription: &str, group: &str, workspace: &str, flags: Flags) -> Result<String, Error> {
    let wrong = |flag: &str, what: &str| {
        let flag = if flags == Flags::Whole {
            "--workspace-resource-id"
        } else {
            flag
        };
        Err(bad(format!("`{flag}`: {what}")))
    };
    if !is_guid(subscription) {
        return wrong("--subscription", "a subscription is named by its id, a GUID");
    }
    let in_group = |c: char| c.is_alphanumeric() || "_-.()".contains(c);
    if !(1..=90).contains(&group.chars().count())
        || !group.is_ascii()
        || !group.chars().all(in_group)
        || group.ends_with('.')
    {
        return wrong(
            "--resource-group",
            "a resource group has 1 to 90 letters, digits and `_-.()`, no dot at its end",
        );
    }
    let in_workspace = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if !(3..=64).contains(&workspace.len()) || !workspace.bytes().all(in_workspace) {
        return wrong("--workspace", "a workspace has 3 to 64 letters, digits, `-` and `_`");
    }
    Ok(format!(
        "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Databricks/workspaces/{workspace}"
    ))
}

fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUID: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";

    #[test]
    fn whole_or_in_parts_it_is_the_same() {
        let id =
            format!("/subscriptions/{GUID}/resourceGroups/rg-(1).a/providers/Microsoft.Databricks/workspaces/ws_1");
        let flags = WorkspaceFlags {
            workspace_resource_id: Some(
                id.replace("resourceGroups", "resourcegroups")
                    .replace("Microsoft", "microsoft")
                    + "/",
            ),
            ..WorkspaceFlags::default()
        };
        assert_eq!(flags.id().unwrap(), Some(id.clone()));
        let flags = WorkspaceFlags {
            subscription: Some(GUID.into()),
            resource_group: Some("rg-(1).a".into()),
            workspace: Some("ws_1".into()),
            ..WorkspaceFlags::default()
        };
        assert_eq!(flags.id().unwrap(), Some(id));
        assert_eq!(WorkspaceFlags::default().id().unwrap(), None);
    }

    #[test]
    fn what_is_refused() {
        for (subscription, group, workspace, flag) in [
            ("my subscription", "rg", "ws1", "`--subscription`"),
            (GUID, "", "ws1", "`--resource-group`"),
            (GUID, "rg.", "ws1", "`--resource-group`"),
            (GUID, "r/g", "ws1", "`--resource-group`"),
            (GUID, "rg\r\nX: y", "ws1", "`--resource-group`"),
            (GUID, "rg", "ws", "`--workspace`"),
            (GUID, "rg", "w s1", "`--workspace`"),
        ] {
            let error = of(subscription, group, workspace, Flags::Parts).unwrap_err();
            assert!(error.message().starts_with(flag), "{error}");
        }
        for id in [
            "",
            "/",
            GUID,
            "/subscriptions/x/resourceGroups/rg/providers/Microsoft.Databricks/workspaces/ws1",
            &format!("/subscriptions/{GUID}/resourceGroups/rg/providers/Microsoft.Compute/workspaces/ws1"),
            &format!("/subscriptions/{GUID}/resourceGroups/rg/providers/Microsoft.Databricks/workspaces/ws1/x/y"),
        ] {
            let error = whole(id).unwrap_err();
            assert!(error.message().starts_with("`--workspace-resource-id`"), "{error}");
        }
    }
}
