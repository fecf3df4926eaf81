#!/usr/bin/env python3
"""Known answers for noise_test.c, from a second implementation of Noise and of coax's records that shares nothing with the
library: python3 noise_answers.py > noise_answers.h (needs the package `cryptography`). AEGIS-256 is written out here from
draft-irtf-cfrg-aegis-aead and checked against the draft's own vectors before it is used."""
import hashlib
import hmac

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305


def gf_double(byte):
    return ((byte << 1) ^ (0x1B if byte & 0x80 else 0)) & 0xFF


def make_sbox():
    """AES's: the inverse in GF(2^8), then the affine map (FIPS 197, 5.1.1)."""
    exp, log, x = [0] * 255, [0] * 256, 1
    for i in range(255):
        exp[i], log[x] = x, i
        x ^= gf_double(x)
    box = []
    for byte in range(256):
        inverse = 0 if byte == 0 else exp[(255 - log[byte]) % 255]
        out = 0x63
        for shift in range(5):
            out ^= ((inverse << shift) | (inverse >> (8 - shift))) & 0xFF
        box.append(out)
    return box


SBOX = make_sbox()


def xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b))


def aes_round(block, key):
    """SubBytes, ShiftRows, MixColumns, AddRoundKey."""
    s = [SBOX[block[(4 * ((i // 4 + i % 4) % 4)) + i % 4]] for i in range(16)]
    out = []
    for c in range(0, 16, 4):
        col = s[c:c + 4]
        for r in range(4):
            a, b, d, e = col[r], col[(r + 1) % 4], col[(r + 2) % 4], col[(r + 3) % 4]
            out.append(gf_double(a) ^ gf_double(b) ^ b ^ d ^ e)
    return xor(bytes(out), key)


class Aegis256:
    C0 = bytes.fromhex("000101020305080d1522375990e97962")
    C1 = bytes.fromhex("db3d18556dc22ff12011314273b528dd")

    def __init__(self, key, nonce):
        k0, k1, n0, n1 = key[:16], key[16:], nonce[:16], nonce[16:]
        self.s = [xor(k0, n0), xor(k1, n1), self.C1, self.C0, xor(k0, self.C0), xor(k1, self.C1)]
        for _ in range(4):
            for m in (k0, k1, xor(k0, n0), xor(k1, n1)):
                self.update(m)

    def update(self, m):
        s = self.s
        self.s = [aes_round(s[5], xor(s[0], m))] + [aes_round(s[i - 1], s[i]) for i in range(1, 6)]

    def encrypt(self, plain, ad):
        for i in range(0, len(ad), 16):
            self.update(ad[i:i + 16].ljust(16, b"\0"))
        out = b""
        for i in range(0, len(plain), 16):
            part = plain[i:i + 16]
            s = self.s
            z = xor(xor(s[1], s[4]), xor(s[5], bytes(a & b for a, b in zip(s[2], s[3]))))
            out += xor(part, z)
            self.update(part.ljust(16, b"\0"))
        lengths = (8 * len(ad)).to_bytes(8, "little") + (8 * len(plain)).to_bytes(8, "little")
        t = xor(self.s[3], lengths)
        for _ in range(7):
            self.update(t)
        s = self.s
        return out, xor(xor(s[0], s[1]), s[2]) + xor(xor(s[3], s[4]), s[5])


def aegis256(key, n, ad, plain):
    text, tag = Aegis256(key, bytes(24) + n.to_bytes(8, "little")).encrypt(plain, ad)
    return text + tag


def check_aegis():
    key = bytes.fromhex("10010000000000000000000000000000" "00000000000000000000000000000000")
    nonce = bytes.fromhex("10000200000000000000000000000000" "00000000000000000000000000000000")
    text, tag = Aegis256(key, nonce).encrypt(bytes(16), b"")
    assert text.hex() == "754fc3d8c973246dcc6d741412a4b236", text.hex()
    assert tag.hex() == "1181a1d18091082bf0266f66297d167d2e68b845f61a3b0527d31fc7b7b89f13", tag.hex()


def chachapoly(key, n, ad, plain):
    return ChaCha20Poly1305(key).encrypt(bytes(4) + n.to_bytes(8, "little"), plain, ad)


def aesgcm(key, n, ad, plain):
    return AESGCM(key).encrypt(bytes(4) + n.to_bytes(8, "big"), plain, ad)


SUITES = {1: ("ChaChaPoly", chachapoly, "BLAKE2b", hashlib.blake2b),
          2: ("AESGCM", aesgcm, "SHA256", hashlib.sha256),
          3: ("AEGIS256", aegis256, "SHA512", hashlib.sha512)}

PATTERNS = {1: ("XX", [], ["e", "e ee s es", "s se"]),
            2: ("IK", ["s"], ["e es s ss", "e ee se"]),
            3: ("XXpsk3", [], ["e", "e ee s es", "s se psk"])}


def public(secret):
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes(
        serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def dh(secret, theirs):
    return X25519PrivateKey.from_private_bytes(secret).exchange(X25519PublicKey.from_public_bytes(theirs))


class Side:
    """One side's symmetric state. Both run, and have to agree."""

    def __init__(self, name, suite, prologue):
        _, self.seal, _, self.hash = suite
        self.size = self.hash().digest_size
        name = name.encode()
        self.h = name.ljust(self.size, b"\0") if len(name) <= self.size else self.hash(name).digest()
        self.ck, self.k, self.n = self.h, None, 0
        self.mix_hash(prologue)

    def mix_hash(self, data):
        self.h = self.hash(self.h + data).digest()

    def hkdf(self, material, n):
        temp = hmac.new(self.ck, material, self.hash).digest()
        out, last = [], b""
        for i in range(1, n + 1):
            last = hmac.new(temp, last + bytes([i]), self.hash).digest()
            out.append(last)
        return out

    def mix_key(self, material):
        self.ck, k = self.hkdf(material, 2)
        self.k, self.n = k[:32], 0

    def mix_key_and_hash(self, material):
        self.ck, h, k = self.hkdf(material, 3)
        self.mix_hash(h)
        self.k, self.n = k[:32], 0

    def encrypt_and_hash(self, plain):
        out = plain
        if self.k is not None:
            out = self.seal(self.k, self.n, self.h, plain)
            self.n += 1
        self.mix_hash(out)
        return out


def secret(label):
    return hashlib.sha256(b"coax test " + label.encode()).digest()


def handshake(pattern, suite, prologue):
    """The messages, the hash, and the two keys. Only the writer's view is computed: both sides' hashes are the same."""
    name, pre, messages = PATTERNS[pattern]
    cipher = SUITES[suite]
    s = [secret("client"), secret("server")]
    e = [secret("client ephemeral"), secret("server ephemeral")]
    psk = secret("psk")
    it = Side(f"Noise_{name}_25519_{cipher[0]}_{cipher[2]}", cipher, prologue)
    if pre:
        it.mix_hash(public(s[1]))
    out = []
    for i, tokens in enumerate(messages):
        me, message = i % 2, b""
        for token in tokens.split():
            if token == "e":
                message += public(e[me])
                it.mix_hash(public(e[me]))
                if "psk" in name:
                    it.mix_key(public(e[me]))
            elif token == "s":
                message += it.encrypt_and_hash(public(s[me]))
            elif token == "psk":
                it.mix_key_and_hash(psk)
            else:
                mine = (e if token[0] == "e" else s)[0]
                theirs = (e if token[1] == "e" else s)[1]
                it.mix_key(dh(mine, public(theirs)))
        out.append(message + it.encrypt_and_hash(b""))
    k1, k2 = it.hkdf(b"", 2)
    return out, it.h, k1[:32], k2[:32]


def framed(message):
    return len(message).to_bytes(2, "little") + message


def gate(prologue, message):
    key = hashlib.blake2b(b"coax gate 1" + public(secret("server")), digest_size=32).digest()
    return hashlib.blake2b(prologue + message, key=key, digest_size=16).digest()


def record(seal, key, n, plain):
    return framed(seal(key, n, b"", plain))


def answers(pattern, suite):
    prologue = b"COAX" + bytes([1, 1, pattern << 4 | suite, 0])
    messages, h, k1, k2 = handshake(pattern, suite, prologue)
    seal = SUITES[suite][1]
    first = prologue + (gate(prologue, messages[0]) if pattern == 2 else b"") + framed(messages[0])
    changed = seal(k1, 2**64 - 1, b"", bytes(32))[:32]
    return [first, framed(messages[1]), framed(messages[2]) if len(messages) > 2 else b"", h,
            record(seal, k1, 0, b"from the client"), record(seal, k2, 0, b"from the server"),
            record(seal, k1, 1, b"") + record(seal, changed, 2, b"with another key")]


def text(data):
    digits = data.hex()
    lines = [digits[i:i + 72] for i in range(0, len(digits), 72)] or [""]
    return "\n".join(f'      "{line}"' for line in lines)


HEAD = """/*
 * Made by noise_answers.py: what client and server say in each pattern and suite.
 */
#ifndef TEST_SECURE_NOISE_ANSWERS_H
#define TEST_SECURE_NOISE_ANSWERS_H

/* clang-format off */

/* In hexadecimal. */
typedef struct noise_answer {
    unsigned pattern, suite; /* as on the wire */
    const char *client_first, *server, *client_second, *hash;
    const char *from_client, *from_server; /* first records */
    const char *changed; /* of the client: it changes its key, and says something with the new one */
} noise_answer;

static const noise_answer answers[] = {"""


def main():
    check_aegis()
    print(HEAD)
    for pattern in PATTERNS:
        for suite in SUITES:
            print(f"    {{ {pattern}, {suite},")
            print(",\n".join(text(part) for part in answers(pattern, suite)))
            print("    },")
    print("};")
    print("\n/* Client's and server's static keys, ephemeral keys, the pre-shared key. */")
    print("static const char *const secrets[] = {")
    for label in ("client", "server", "client ephemeral", "server ephemeral", "psk"):
        print(f'    "{secret(label).hex()}",')
    print("};")
    print("\n/* clang-format on */\n\n#endif")


if __name__ == "__main__":
    main()
