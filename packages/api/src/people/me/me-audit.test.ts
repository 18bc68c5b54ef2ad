import type { Stores } from '@steward/db'
import { eachDialect } from '@steward/db/testing'
import { expect, test } from 'vitest'
import { day } from '../../core/clock.ts'
import { authorize, systemContext } from '../../core/access/access.ts'
import { anonymous, seedMember, seedPerson, seedWorkspace, testRequest } from '../../core/app.testing.ts'
import { createPerson } from '../lifecycle/person.ts'
import { meApp, seedInvitation, seedOrganization } from './me.testing.ts'

const adaInput = { email: 'ada@example.com', name: 'Ada', password: 'correct horse battery' }

/** The newest record of a lane, with its payload. */
async function lastOf(stores: Stores, laneId: string) {
  const { payload, ...header } = await stores.main.reader
    .selectFrom('audit_record as r')
    .innerJoin('audit_payload as p', 'p.record_id', 'r.id')
    .select(['r.action', 'r.operation', 'r.actor_kind', 'r.actor_id', 'r.resource_type', 'r.resource_id', 'p.payload'])
    .where('r.lane_id', '=', laneId)
    .orderBy('r.seq', 'desc')
    .executeTakeFirstOrThrow()
  return { ...header, ...(JSON.parse(payload) as Record<string, unknown>) }
}

eachDialect('what sign-up leaves in the trails', (open) => {
  test('the inviting workspace reads who joined, as which member and in which role', async () => {
    const stores = await open()
    const { app, me } = meApp(stores, { signUp: 'invited' })
    const owner = await seedPerson(app, 'owner@example.com')
    const theirs = await seedWorkspace(app, owner)
    const { secret, memberId } = await seedInvitation(app, theirs, { email: adaInput.email, life: day })
    const { userId } = await me(anonymous).signUp({ ...adaInput, invitation: secret })
    expect(await lastOf(stores, theirs)).toMatchObject({
      action: 'ADD_WORKSPACE_MEMBER',
      operation: 'me.signUp',
      actor_kind: 'user',
      actor_id: userId,
      resource_type: 'member',
      resource_id: memberId,
      resourceName: 'ada@example.com',
      value: 'developer',
      before: null,
      after: { userId, email: 'ada@example.com', role: 'developer' },
      ip: testRequest.ip,
      credential: null,
    })
  })

  test('the home workspace reads that it was made, and by whom; the person’s own lane tells of the person', async () => {
    const stores = await open()
    const { me } = meApp(stores)
    const { userId, accountId, workspaceId } = await me(anonymous).signUp(adaInput)
    const by = { operation: 'me.signUp', actor_kind: 'user', actor_id: userId }
    expect(await lastOf(stores, workspaceId)).toMatchObject({
      ...by,
      action: 'CREATE_WORKSPACE',
      resource_type: 'workspace',
      resource_id: workspaceId,
      resourceName: "Ada's workspace",
      after: { name: "Ada's workspace", accountId, userId },
    })
    expect(await lastOf(stores, userId)).toMatchObject({ ...by, resource_type: 'user', resource_id: userId })
  })

  test('whom the system makes did not make themselves', async () => {
    const stores = await open()
    const { app } = meApp(stores)
    const ctx = await authorize(systemContext(app, 'setup', testRequest), 'setup.claim', {})
    const { userId, workspaceId } = await createPerson(ctx, { email: 'op@example.com', name: 'Op', method: null })
    for (const lane of [userId, workspaceId])
      expect(await lastOf(stores, lane)).toMatchObject({ actor_kind: 'system', actor_id: 'setup' })
  })
})

eachDialect('what deleting oneself leaves in the trails', (open) => {
  test('each workspace and account reads what leaving it would have left', async () => {
    const stores = await open()
    const { app, me } = meApp(stores)
    const bob = await seedPerson(app, 'bob@example.com')
    const theirs = [await seedWorkspace(app, bob), await seedWorkspace(app, bob, 'Second')]
    const { userId, accountId, workspaceId } = await me(anonymous).signUp(adaInput)
    const actor = { kind: 'user', userId, credential: { kind: 'local' } } as const
    const { email } = adaInput
    const places = []
    for (const [index, role] of (['viewer', 'administrator'] as const).entries()) {
      const lane = theirs[index] ?? ''
      places.push({ lane, role, id: await seedMember(app, lane, { userId, accountId, email, actor, role }) })
    }
    const shared = await seedOrganization(app, [userId, bob.userId])
    await me(actor).delete({})

    const by = { operation: 'me.delete', actor_kind: 'user', actor_id: userId }
    for (const { lane, role, id } of places)
      expect(await lastOf(stores, lane)).toMatchObject({
        ...by,
        action: 'REMOVE_WORKSPACE_MEMBER',
        resource_type: 'member',
        resource_id: id,
        resourceName: email,
        value: role,
        before: { userId, role, email },
        after: null,
      })
    expect(await lastOf(stores, workspaceId)).toMatchObject({
      ...by,
      action: 'CLOSE_WORKSPACE',
      resource_type: 'workspace',
      resource_id: workspaceId,
      before: { name: "Ada's workspace", handle: null },
    })
    for (const [lane, name] of [
      [shared, 'Org'],
      [accountId, 'Ada'],
    ] as const)
      expect(await lastOf(stores, lane)).toMatchObject({
        ...by,
        action: 'UNKNOWN',
        resource_type: 'account',
        resource_id: lane,
        resourceName: name,
        value: email,
        before: { administrator: userId },
      })
    expect(await lastOf(stores, userId)).toMatchObject({ ...by, action: 'UNKNOWN', resource_id: userId, before: null })
  })
})
