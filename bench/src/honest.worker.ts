// Calls a server as an honest client does, again and again, in a thread of its own: what its neighbours in this process
// are busy with must not be in its times.
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'

const { url, headers } = workerData as { url: string; headers: Record<string, string> }
const agent = new Agent({ keepAlive: true })
let times: number[] = []

function call(): Promise<void> {
  const sent = performance.now()
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, headers }, (answer) => {
      answer.resume().once('end', () => {
        times.push(performance.now() - sent)
        if (answer.statusCode === 200) resolve()
        else reject(new Error(`An honest call was answered with ${answer.statusCode}.`))
      })
    })
    asked.once('error', reject).end()
  })
}

parentPort?.on('message', () => {
  parentPort?.postMessage(times, [])
  times = []
})

for (;;) {
  await call()
  await sleep(2)
}
