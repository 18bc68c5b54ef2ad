/** One row: the name of this installation, which its blobs bear too. It never changes. */
export interface InstallationTable {
  /** Always 1. */
  number: number
  /** Random, made at the first start. */
  id: string
  created_at: string
}
