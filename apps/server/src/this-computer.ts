/** Whether a host name means this machine: what is sent there crosses no network. */
export const isThisComputer = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
