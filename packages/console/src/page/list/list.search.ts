/** What every list keeps in its address, for the schema of its route. */
export const listSearch = { inspect: 'text', sort: 'text', cols: 'text' } as const
