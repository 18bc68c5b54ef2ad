/** The customer: an organisation or a person. Owns workspaces and pays. */
export interface AccountTable {
  id: string
  kind: 'organization' | 'individual'
  name: string
  legal_name: string | null
  tax_id: string | null
  contact_email: string | null
  billing_email: string | null
  /** JSON: lines, city, postal code, country. */
  billing_address: string | null
  /** The person of an individual account; one each. */
  user_id: string | null
  created_at: string
  updated_at: string
}

export interface AccountAdministratorTable {
  account_id: string
  user_id: string
  created_at: string
}

/** An open offer to move a workspace to another account; gone once accepted, declined or withdrawn. */
export interface WorkspaceTransferTable {
  id: string
  workspace_id: string
  from_account_id: string
  to_account_id: string
  offered_by: string
  created_at: string
  expires_at: string
}
