/** A write was started inside a write: it would wait for itself. */
export class NestedWrite extends Error {
  override readonly name = 'NestedWrite'
  constructor(what: string, outer: string) {
    super(`${what} was called inside a write of the ${outer} store. Pass the transaction on instead.`)
  }
}

/** The write lane did not become free in time: a write hangs, or the machine is overloaded. */
export class LaneTimeout extends Error {
  override readonly name = 'LaneTimeout'
  constructor(label: string, milliseconds: number) {
    super(`The write lane of the ${label} store was not free within ${milliseconds} ms.`)
  }
}

/** A transaction was used after its write had ended: a query was not awaited, or the tx was kept. */
export class TransactionEnded extends Error {
  override readonly name = 'TransactionEnded'
  constructor() {
    super('This transaction has ended. Await every query inside the write, and do not keep its tx.')
  }
}

/** A statement of this transaction failed before; nothing of it can be committed any more. */
export class TransactionFailed extends Error {
  override readonly name = 'TransactionFailed'
  constructor(cause: unknown) {
    super('A statement of this transaction failed, so the transaction is rolled back.', { cause })
  }
}

/** The connection broke while committing: the transaction may or may not have happened. */
export class CommitUnknown extends Error {
  override readonly name = 'CommitUnknown'
  constructor(cause: unknown) {
    super('The connection was lost during the commit. Check before trying again.', { cause })
  }
}

/** The database was written by a newer Steward. */
export class SchemaTooNew extends Error {
  override readonly name = 'SchemaTooNew'
  readonly unknown: readonly string[]
  constructor(label: string, unknown: readonly string[]) {
    super(
      `The ${label} database was written by a newer version of Steward` +
        `${unknown.length > 0 ? ` (it has ${unknown.join(', ')})` : ''}. ` +
        'Start that version, or restore a backup made by this one.',
    )
    this.unknown = unknown
  }
}

/** The file is not a Steward database of the expected kind. It was left untouched. */
export class ForeignFile extends Error {
  override readonly name = 'ForeignFile'
  constructor(file: string, why: string, cause?: unknown) {
    super(`${file} is not the database that is expected here: ${why}. It was not changed.`, { cause })
  }
}

/** The SQLite library is older than the fix of the WAL-reset race, or a setting did not take. */
export class UnsafeSqlite extends Error {
  override readonly name = 'UnsafeSqlite'
}

/** A setting that we asked for does not hold on a connection. */
export class UnsafePostgres extends Error {
  override readonly name = 'UnsafePostgres'
  constructor(setting: string, found: string, wanted: string) {
    super(
      `PostgreSQL keeps ${setting} at '${found}' instead of '${wanted}'. ` +
        'Check whether a connection pooler drops connection options or a login trigger changes them.',
    )
  }
}

/** The copy is not a whole, sound database. */
export class DamagedDatabase extends Error {
  override readonly name = 'DamagedDatabase'
}

/** There is no room for a copy, or no right to write it. */
export class CopyFailed extends Error {
  override readonly name = 'CopyFailed'
}

/** This engine's backups are made with its own tools. */
export class BackupUnsupported extends Error {
  override readonly name = 'BackupUnsupported'
}

/** Restoring here would lose data or break a running process. Nothing was changed. */
export class RestoreRefused extends Error {
  override readonly name = 'RestoreRefused'
}
