#!/usr/bin/env python3
"""Opens a Sotto message, and a file that it tells of, given the epoch secret: docs/protocol.md in another language.

    open.py SECRETS MESSAGE                      prints the content of the message
    open.py SECRETS MESSAGE NUMBER SEALED OUT    opens its file NUMBER (from 0): SEALED as the server keeps it, into OUT

SECRETS: two lines of hexadecimal, the epoch secret and the public key of the sender's device; never as arguments,
which other users of the machine can read. MESSAGE: the bytes of the log entry. Needs Debian's python3-pycryptodome.
"""
import hashlib, json, os, sys
from Cryptodome.Cipher import AES
from Cryptodome.Hash import SHA256
from Cryptodome.Protocol.KDF import HKDF

def need(condition, why):
    if not condition:
        raise ValueError(why)

# Ed25519 (RFC 8032, 5.1): points of -x^2 + y^2 = 1 + d x^2 y^2.
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P

def point(data):
    number = int.from_bytes(data, "little")
    odd, y = number >> 255, number & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    need(y < P and x * x % P == square and (x or not odd), "this is no point")
    return (x if x % 2 == odd else P - x), y

def add(a, b):
    k = D * a[0] * b[0] * a[1] * b[1] % P
    x = (a[0] * b[1] + b[0] * a[1]) * pow(1 + k, -1, P) % P
    return x, (a[1] * b[1] + a[0] * b[0]) * pow(1 - k, -1, P) % P

def times(number, a):
    result = (0, 1)
    for bit in bin(number)[2:]:
        result = add(result, result)
        if bit == "1":
            result = add(result, a)
    return result

def verify(key, signed, signature):
    s = int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + signed).digest(), "little") % L
    base = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    right = add(point(signature[:32]), times(h, point(key)))
    need(s < L and times(s, base) == right, "[M3] the signature does not match")

def cbor(data):
    """The values of section 1: integers, bytes, text, arrays, maps, false, true, null."""
    def item(at):
        kind, n, at = data[at] >> 5, data[at] & 31, at + 1
        if kind == 7:
            return {20: False, 21: True, 22: None}[n], at
        if n > 23:
            size = {24: 1, 25: 2, 26: 4, 27: 8}[n]
            n, at = int.from_bytes(data[at:at + size], "big"), at + size
        if kind == 0:
            return n, at
        if kind in (2, 3):
            need(at + n <= len(data), "the structure is cut off")
            return (data[at:at + n] if kind == 2 else data[at:at + n].decode()), at + n
        need(kind in (4, 5), "this is no structure of the protocol")
        values = []
        for _ in range(n * (kind - 3)):
            value, at = item(at)
            values.append(value)
        return (values if kind == 4 else dict(zip(values[::2], values[1::2]))), at
    value, end = item(0)
    need(end == len(data), "something stands behind the structure")
    return value

def unpad(padded):
    """Section 5: one byte 80, zeros up to the next length by Padme."""
    content = padded.rstrip(b"\0")
    n = len(content)
    e = n.bit_length() - 1
    step = 1 << (e - e.bit_length())
    need(content[-1:] == b"\x80" and len(padded) == max(128, -(-n // step) * step), "[M3] the padding is wrong")
    return content[:-1]

def open_message(secret, device_key, message):
    """Header and content. What the log around it must say (section 5, steps 3 and 4) is not looked at here."""
    payload, signature = message[:-64], message[-64:]
    verify(device_key, b"sotto/v1/message\0" + payload, signature)
    header, ciphertext = cbor(payload)
    about = cbor(header)
    need(about["v"] == 1, "another version")
    info = b"sotto/v1/message\0" + about["salt"] + about["device"] + about["id"]
    derived = HKDF(secret, 44, b"", SHA256, context=info)
    cipher = AES.new(derived[:32], AES.MODE_GCM, nonce=derived[32:])
    cipher.update(header)
    return about, cbor(unpad(cipher.decrypt_and_verify(ciphertext[:-16], ciphertext[-16:])))

CHUNK = 2**20

def open_file(file, sealed):
    """Section 10: the chunks of a file, each authentic; a whole file once this has ended."""
    naming = len(file["name"].encode()).to_bytes(4, "big") + (file["name"] + file["type"]).encode()
    bound = b"sotto/v1/file\0" + file["file"] + hashlib.sha256(naming).digest()
    whole = hashlib.sha256(b"sotto/v1/file-hash\0")
    count = max(1, -(-file["size"] // CHUNK))
    for index in range(count):
        last = index == count - 1
        chunk = sealed.read(16 + (file["size"] - index * CHUNK if last else CHUNK))
        nonce = bytes(7) + index.to_bytes(4, "big") + bytes([last])
        cipher = AES.new(file["key"], AES.MODE_GCM, nonce=nonce)
        cipher.update(bound)
        yield cipher.decrypt_and_verify(chunk[:-16], chunk[-16:])
        whole.update(hashlib.sha256(chunk).digest())
    need(sealed.read(1) == b"" and whole.digest() == file["hash"], "[M6] the file is not the one that was sent")

def main(secrets, message, number=None, sealed=None, out=None):
    secret, device_key = (bytes.fromhex(line) for line in open(secrets).read().split())
    about, content = open_message(secret, device_key, open(message, "rb").read())
    if number is None:
        return print(json.dumps({"header": about, "content": content}, default=bytes.hex))
    part = out + ".part"
    try:
        with open(sealed, "rb") as source, open(part, "wb") as target:
            for plain in open_file(content["files"][int(number)], source):
                target.write(plain)
        os.rename(part, out)  # not before the hash was right
    finally:
        if os.path.exists(part):
            os.remove(part)

if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (ValueError, KeyError, IndexError, TypeError) as problem:
        sys.exit(f"refused: {problem}")
