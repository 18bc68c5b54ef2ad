/*
 * Electron builds Node's crypto on BoringSSL, which leaves out some of what OpenSSL has. What the app needs of it is
 * tried here with published answers, before any data is touched.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  randomBytes,
  scrypt,
  sign,
  timingSafeEqual,
  verify,
  webcrypto,
} from 'node:crypto'

interface Primitive {
  name: string
  /** May throw, which counts as no. */
  works: () => boolean | Promise<boolean>
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex')
const isSame = (made: ArrayBuffer | Uint8Array, expected: string): boolean =>
  Buffer.from(made as Uint8Array).toString('hex') === expected.replaceAll(/\s/g, '')

const digestOfAbc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
const question = 'what do ya want for nothing?'

const sealing = {
  key: hex('feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308'),
  nonce: hex('cafebabefacedbaddecaf888'),
  bound: hex('feedfacedeadbeeffeedfacedeadbeefabaddad2'),
  clear: hex(
    `d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
     1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39`,
  ),
  sealed: `522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
           8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662`,
  tag: '76fc6ece0f4e1768cddf8853bb2d551b',
}

const primitives: readonly Primitive[] = [
  {
    name: 'SHA-256',
    // FIPS 180-4, "abc".
    works: async () =>
      isSame(createHash('sha256').update('abc').digest(), digestOfAbc) &&
      isSame(await webcrypto.subtle.digest('SHA-256', Buffer.from('abc')), digestOfAbc),
  },
  {
    name: 'HMAC-SHA-256',
    // RFC 4231, case 2.
    works: () =>
      isSame(
        createHmac('sha256', 'Jefe').update(question).digest(),
        '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
      ),
  },
  {
    name: 'HMAC-SHA-1',
    // RFC 2202, case 2.
    works: () =>
      isSame(createHmac('sha1', 'Jefe').update(question).digest(), 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'),
  },
  {
    name: 'HKDF',
    // RFC 5869, case 1.
    works: () =>
      isSame(
        hkdfSync('sha256', hex('0b'.repeat(22)), hex('000102030405060708090a0b0c'), hex('f0f1f2f3f4f5f6f7f8f9'), 42),
        '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
      ),
  },
  // McGrew and Viega, case 16.
  { name: 'AES-256-GCM', works: sealsAndOpens },
  // RFC 8032, 7.1, test 1.
  { name: 'Ed25519', works: signsAndVerifies },
  {
    name: 'scrypt',
    // RFC 7914, 12, first.
    works: async () =>
      isSame(
        await derive(),
        `77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442
         fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906`,
      ),
  },
  {
    name: 'random bytes and comparison in constant time',
    works: () => {
      const some = randomBytes(32)
      return timingSafeEqual(some, Buffer.from(some)) && !timingSafeEqual(some, randomBytes(32))
    },
  },
]

function sealsAndOpens(): boolean {
  const { key, nonce, bound, clear, sealed, tag } = sealing
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound)
  const made = Buffer.concat([cipher.update(clear), cipher.final()])
  if (!isSame(made, sealed) || !isSame(cipher.getAuthTag(), tag)) return false
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(bound)
  decipher.setAuthTag(hex(tag))
  return Buffer.concat([decipher.update(made), decipher.final()]).equals(clear)
}

/** From DER and through PEM, as the audit's keys go. */
function signsAndVerifies(): boolean {
  const seed = hex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60')
  const der = Buffer.concat([hex('302e020100300506032b657004220420'), seed])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const pem = createPublicKey(privateKey).export({ format: 'pem', type: 'spki' }).toString()
  const nothing = Buffer.alloc(0)
  const signature = sign(null, nothing, privateKey)
  return (
    isSame(
      signature,
      `e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555
       fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b`,
    ) &&
    verify(null, nothing, createPublicKey(pem), signature) &&
    !verify(null, Buffer.from('x'), createPublicKey(pem), signature)
  )
}

const derive = (): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt('', '', 64, { N: 16, r: 1, p: 1 }, (error, key) => (error ? reject(error) : resolve(key)))
  })

/** The names of what this program cannot do, or does wrong. */
export async function findLacking(): Promise<string[]> {
  const lacking: string[] = []
  for (const { name, works } of primitives) {
    try {
      if (!(await works())) lacking.push(name)
    } catch {
      lacking.push(name)
    }
  }
  return lacking
}
