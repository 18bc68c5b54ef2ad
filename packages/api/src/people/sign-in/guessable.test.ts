import { expect, test } from 'vitest'
import { commonMarks } from './common-passwords.ts'
import { refuseGuessable } from './guessable.ts'

const ada = ['ada.lovelace@engine.example', 'Ada Lovelace']

test.each([
  'password1234',
  'Password1234',
  '1q2w3e4r5t6y',
  'qwertyuiop123',
  'leavemealone',
  '123456789012',
  'aaaaaaaaaaaa',
  'vxvvxxvvvxxx',
  'stewardsteward',
  'Steward2026!!',
  'ada.lovelace@engine.example',
  'Lovelace-1815!',
  'AdaLovelace99',
])('"%s" is refused', (password) => {
  expect(() => refuseGuessable(password, ada)).toThrow(/"password": .*Use a sentence instead/)
})

test.each([
  'correct horse battery',
  'my steward has a cat',
  'ada goes to the engine app',
  '837261940283',
  'пароль из слов',
  'password of a proud penguin',
])('"%s" is taken', (password) => {
  expect(() => refuseGuessable(password, ada)).not.toThrow()
})

test('words of others are nobody’s', () => {
  expect(() => refuseGuessable('Lovelace-1815!')).not.toThrow()
})

test('the list has thousands, each once', () => {
  expect(commonMarks().size).toBeGreaterThan(4500)
})
