//! An Entra ID and an Azure Databricks workspace on loopback.
