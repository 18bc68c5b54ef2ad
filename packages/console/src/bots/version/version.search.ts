import { defineSearch } from '../../base/search.ts'

export const versionsSearch = defineSearch({ q: 'text', inspect: 'text', compare: ['on'], from: 'text', to: 'text' })
