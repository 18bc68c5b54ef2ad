/** When an invitation's link can end, in hours; the server takes an hour to thirty days. */
export const endOptions = [
  { value: '24', label: 'in a day' },
  { value: '72', label: 'in 3 days' },
  { value: '168', label: 'in a week' },
  { value: '720', label: 'in 30 days' },
]
