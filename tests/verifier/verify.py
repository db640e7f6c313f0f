#!/usr/bin/env python3
"""Checks docs/protocol-vectors.json from docs/protocol.md alone: a second implementation of every construction.

Python 3.9 or later, standard library only. Every member of every vector must have been looked at, so a vector that is
added without a check here fails, as does one that this program computes differently, and one that it should refuse and
does not.

    python3 tests/verifier/verify.py [docs/protocol-vectors.json]
"""

import base64
import hashlib
import hmac
import ipaddress
import json
import re
import sys
import uuid
from pathlib import Path

import curves

ROOT = Path(__file__).resolve().parent.parent.parent
WORDS = ROOT / "crates" / "hearth-federation" / "words"
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


class Refused(Exception):
    """What the protocol does not accept."""


def need(condition, why):
    if not condition:
        raise Refused(why)


# --- Text forms: each value has exactly one spelling ---------------------------------------------------------------


def base32(data):
    return base64.b32encode(data).decode().rstrip("=").lower()


def unbase32(text, length=None):
    need(re.fullmatch("[a-z2-7]*", text), "not base32")
    try:
        data = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except ValueError:
        raise Refused("not base32") from None
    need(base32(data) == text, "another spelling of base32")
    need(length is None or len(data) == length, "wrong length")
    return data


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unbase64url(text, length=None):
    need(re.fullmatch("[A-Za-z0-9_-]*", text), "not base64url")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise Refused("not base64url") from None
    need(base64url(data) == text, "another spelling of base64url")
    need(length is None or len(data) == length, "wrong length")
    return data


def unuuid(text):
    need(isinstance(text, str) and re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text), "not a UUID")
    return uuid.UUID(text)


# --- Notation of the document --------------------------------------------------------------------------------------


def frame(*parts):
    return b"".join(len(part).to_bytes(8, "big") + part for part in parts)


def sha256(data):
    return hashlib.sha256(data).digest()


def mac(key, message):
    return hmac.new(key, message, hashlib.sha256).digest()


def hkdf(salt, key, info, length=32):
    extracted, out, block = mac(salt or bytes(32), key), b"", b""
    for counter in range(1, -(-length // 32) + 1):
        block = mac(extracted, block + info + bytes([counter]))
        out += block
    return out[:length]


# --- Section 2: identities, keys, addresses ------------------------------------------------------------------------


def node_id(text):
    public = unbase32(text, 32)
    need(curves._decompress(public) is not None, "not a point of the curve")
    return public


def check_character(text):
    total = 0
    for character in text + "a":
        total = times_x(total) ^ ALPHABET.index(character)
    return ALPHABET[total]


def times_x(value):
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value


def grouped(text):
    return " ".join(re.findall("....", text)) + " " + check_character(text)


def ungrouped(shown):
    typed = re.sub(r"[ \t\r\n-]", "", shown).lower()
    need(len(typed) == 53 and set(typed) <= set(ALPHABET), "not a node id")
    need(check_character(typed[:-1]) == typed[-1], "mistyped")
    node_id(typed[:-1])
    return typed[:-1]


def key_id(secret):
    return base32(hkdf(b"", secret, b"hearth/1 key id")[:16])


def host_name(name):
    labels = name.split(".")
    need(len(name) <= 253, "a long name")
    need(all(re.fullmatch("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", label) for label in labels), "not a host name")
    need(not re.fullmatch("[0-9]+|0x[0-9a-f]*", labels[-1]), "looks like an IPv4 address")
    return name


def address(text):
    """(certificate of a public authority, host, port)"""
    public = text.startswith("https://")
    match = re.fullmatch(r"(\[[0-9a-f:.]+\]|[0-9a-z.-]+):([1-9][0-9]{0,4})", text[8 * public :])
    need(match and int(match[2]) < 65536, "not an address")
    host, port = match[1], int(match[2])
    try:
        if host.startswith("["):
            parsed = ipaddress.IPv6Address(host[1:-1])
            need(f"[{parsed}]" == host or parsed.ipv4_mapped, "another spelling of IPv6")
            return public, parsed, port
        parsed = ipaddress.IPv4Address(host)
        need(str(parsed) == host, "another spelling of IPv4")
        return public, parsed, port
    except ValueError:
        return public, host_name(host), port


# --- Section 4: invites and pairing --------------------------------------------------------------------------------


def invite_id(token):
    return base32(hkdf(b"", token, b"hearth/1 invite id")[:16])


def read_invite(link):
    prefix, code = link[:11], link[11:]
    if prefix == "HEARTH://I/":
        need(code == code.upper(), "mixed case")
        code = code.lower()
    else:
        need(prefix == "hearth://i/", "not an invite")
    data = unbase32(code)
    need(len(data) > 4 and sha256(frame(b"hearth/1 invite", data[:-4]))[:4] == data[-4:], "damaged")
    rest = data[:-4]

    def take(count):
        nonlocal rest
        need(len(rest) >= count, "it ends too early")
        taken, rest = rest[:count], rest[count:]
        return taken

    need(take(1) == b"\x01", "another version")
    invite = {"node_id": base32(take(32)), "token": take(16).hex(), "expires": int.from_bytes(take(4), "big")}
    node_id(invite["node_id"])
    scope = take(1)[0]
    need(scope <= 4, "another scope")
    invite["scope"] = (scope, str(uuid.UUID(bytes=take(16))) if scope else None)
    count = take(1)[0]
    need(1 <= count <= 8, "too few or too many addresses")
    invite["addresses"] = []
    for _ in range(count):
        kind, port = take(1)[0], int.from_bytes(take(2), "big")
        need(kind & 127 <= 2 and port, "not an address")
        if kind & 127 == 0:
            host = host_name(take(take(1)[0]).decode("ascii", "replace"))
        elif kind & 127 == 1:
            host = str(ipaddress.IPv4Address(take(4)))
        else:
            host = f"[{ipaddress.IPv6Address(take(16))}]"
        invite["addresses"].append(("https://" if kind & 128 else "") + f"{host}:{port}")
    need(not rest, "something after the end")
    return invite


def is_shown_safely(name):
    def disguises(c):
        code = ord(c)
        return (
            code < 0x20
            or 0x7F <= code < 0xA0
            or code in (0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x200B, 0x200E, 0x200F)
            or 0x2028 <= code <= 0x202E
            or 0x2060 <= code <= 0x206F
            or code in (0x3164, 0xFEFF, 0xFFA0)
            or 0xFFF9 <= code <= 0xFFFB
        )

    return 1 <= len(name) <= 80 and name == name.strip() and not any(map(disguises, name))


def card(person):
    need(unuuid(person["puid"]).int and is_shown_safely(person["display_name"]), "not a card")
    person_has_id(Halves(person["puid"]), unbase32(person["key"], 32))


def pairing_message(text, role):
    need(len(text) <= 16 * 1024, "too long")
    header, payload = jws(text, "hearth-pairing+jws")
    need(jws_verifies(text, node_id(header["kid"])), "the signature")
    payload = json_object(payload)
    raw = unbase64url(payload["hello"])
    hello = json_object(raw)
    need(hello["role"] == role and hello["node"] == header["kid"], "role or node")
    node_id(hello["to"])
    unbase32(hello["invite"], 16)
    need(is_shown_safely(hello["home_name"]) and 1 in hello["versions"], "name or versions")
    unbase32(hello["epoch"], 16)
    need(len(hello["addresses"]) <= 8, "too many addresses")
    for each in hello["addresses"]:
        address(each)
    card(hello["person"])
    nonce, ephemeral = unbase64url(hello["nonce"], 32), unbase64url(hello["ephemeral"], 32)
    return raw, hello, nonce, ephemeral, unbase64url(payload["proof"], 32)


def shared(secret, public):
    result = curves.x25519(secret, public)
    need(any(result), "an X25519 result of zero")
    return result


def words_of(transcript):
    stretched = transcript
    for _ in range(65536):
        stretched = sha256(frame(b"hearth/1 safety words", stretched, transcript))
    bits = int.from_bytes(stretched, "big") >> 256 - 50
    return [bits >> shift & 1023 for shift in (40, 30, 20, 10, 0)]


# --- Section 5: signed requests and answers ------------------------------------------------------------------------

REQUEST = ["@method", "@path", "@query", "content-digest", "hearth-destination"]
ANSWER = ["@status", "content-digest"]
INPUT = re.compile(r'hearth=\(("[^"]*"(?: "[^"]*")*)\)((?:;[a-z]+=(?:"[^"]*"|-?[0-9]+))*)')


def content_digest(body):
    return "sha-256=:" + base64.b64encode(sha256(body)).decode() + ":"


def signature_input(text):
    match = INPUT.fullmatch(text)
    need(match, "not a signature input")
    components = re.findall('"([^"]*)"', match[1])
    parameters = {}
    for name, string, number in re.findall(r';([a-z]+)=(?:"([^"]*)"|(-?[0-9]+))', match[2]):
        need(name not in parameters, "a parameter twice")
        parameters[name] = int(number) if number else string
    need(set(parameters) == {"created", "nonce", "keyid", "alg", "tag"}, "the parameters")
    need(parameters["alg"] == "hmac-sha256" and parameters["tag"] == "hearth-1", "alg or tag")
    unbase32(parameters["nonce"], 16)
    unbase32(parameters["keyid"], 16)
    return components, parameters, text[len("hearth=") :]


def verify_message(values, expected, headers, body, secret):
    """The base and the parameters of a message whose MAC and digest are right."""
    components, parameters, params_line = signature_input(headers["signature-input"])
    need(components == expected, "the components")
    lines = [f'"{name}": {values.get(name, headers.get(name))}' for name in components]
    base = "\n".join(lines + [f'"@signature-params": {params_line}'])
    need(parameters["keyid"] == key_id(secret), "another key")
    found = re.fullmatch("hearth=:([A-Za-z0-9+/]{43}=):", headers["signature"])
    need(found and hmac.compare_digest(base64.b64decode(found[1]), mac(secret, base.encode())), "the MAC")
    need(headers["content-digest"] == content_digest(body), "the digest")
    return base, parameters


def verify_request(message, own_id, now_s, secret):
    path, mark, query = message["target"].partition("?")
    values = {"@method": message["method"], "@path": path, "@query": "?" + query}
    body = message["body"].encode()
    need(message["headers"]["hearth-destination"] == own_id, "the destination")
    components = REQUEST + (["content-type"] if body else [])
    base, parameters = verify_message(values, components, message["headers"], body, secret)
    need(abs(parameters["created"] - now_s) <= 300, "the clock")
    return base


def verify_answer(message, nonce, secret):
    values = {"@status": str(message["status"])}
    base, parameters = verify_message(values, ANSWER, message["headers"], message["body"].encode(), secret)
    need(parameters["nonce"] == nonce, "the answer to another request")
    return base


# --- Section 6: activities -----------------------------------------------------------------------------------------


def json_object(data):
    def no_twins(pairs):
        need(len({name for name, _ in pairs}) == len(pairs), "a member twice")
        return dict(pairs)

    try:
        value = json.loads(data, object_pairs_hook=no_twins)
    except (ValueError, RecursionError):
        raise Refused("not JSON") from None
    need(isinstance(value, dict), "not an object")
    return value


def jws(text, typ):
    parts = text.split(".")
    need(len(parts) == 3, "not a compact JWS")
    header = json_object(unbase64url(parts[0]))
    need(header.get("alg") == "EdDSA" and header.get("typ") == typ and isinstance(header.get("kid"), str), "the header")
    need(not {"crit", "b64", "jwk", "jku", "x5u", "x5c", "zip"} & set(header), "a header member that is refused")
    unbase64url(parts[2], 64)
    return header, unbase64url(parts[1])


def jws_verifies(text, public):
    signed, _, signature = text.rpartition(".")
    return curves.ed25519_verifies(public, signed.encode(), unbase64url(signature))


def depth(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


def hlc(text):
    match = re.fullmatch("([0-9a-f]{12})-([0-9a-f]{4})-([0-9a-f]{12})", text)
    need(match, "not a clock stamp")
    need(int(match[1], 16) <= 253_402_300_799_999, "after the year 9999")
    return int(match[1], 16), int(match[2], 16), bytes.fromhex(match[3])


def activity(text):
    header, payload = jws(text, "hearth-activity+jws")
    said = json_object(payload)
    need(len(payload) <= 256 * 1024 and depth(said) <= 32, "too long or too deep")
    need(unuuid(said["id"]).version == 7, "not a UUIDv7")
    need(len(said["kind"]) <= 64 and re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*", said["kind"]), "the kind")
    node_id(said["home"])
    hlc(said["at"])
    by_node = unuuid(said["actor"]).int == 0
    need(header["kid"] == (said["home"] if by_node else said["actor"]), "signed by another than its actor")
    return said


def verify_activity(text, public):
    said = activity(text)
    need(jws_verifies(text, public), "the signature")
    return said


def verify_identity(text):
    header, payload = jws(text, "hearth-identity+jws")
    said = json_object(payload)
    need(jws_verifies(text, node_id(header["kid"])), "the signature")
    need(header["kid"] == said["home"], "signed by another than the home")
    card(said)
    hlc(said["at"])
    return said


def bound_half(label, parts, first):
    hashed = int.from_bytes(sha256(frame(b"hearth/1 id " + label, *parts, first))[:8], "big")
    return (1 << 63 | hashed >> 2).to_bytes(8, "big")


class Halves:
    """A UUID as the two halves and the four bits that tell its version, whatever its variant is."""

    def __init__(self, text):
        data = unuuid(text).bytes
        self.head, self.tail, self.version_bits = data[:8], data[8:], data[6] >> 4


def person_has_id(person_id, key):
    if person_id.version_bits == 8:
        need(person_id.tail == bound_half(b"person", [key], person_id.head), "the id is bound to another key")


def id_is_theirs(said):
    """Whether what is named can have this id."""
    names, has = said["names"], Halves(said["id"])
    if names == "person":
        return person_has_id(has, unbase32(said["key"], 32))
    parts = [unuuid(said["author"]).bytes] + ([unuuid(said["post"]).bytes] if names == "comment" else [])
    if has.version_bits == 8:
        need(has.tail == bound_half(names.encode(), parts, has.head), "the id is bound to another")


# --- Section 8: batches and receipts -------------------------------------------------------------------------------


def batch(data):
    need(len(data) <= 1024 * 1024, "too long")
    said = json_object(data)
    unbase32(said["epoch"], 16)
    need(1 <= len(said["activities"]) <= 100, "too few or too many")
    following = said["from"]
    need(following >= 1, "numbers begin with 1")
    for entry in said["activities"]:
        need(following <= entry["seq"] < 2**63 - 1, "numbers must rise")
        following = entry["seq"] + 1
    return said


def number(value, least=0):
    need(type(value) is int and least <= value < 2**64, "not a number")
    return value


def standing(said):
    number(said.get("waiting", 0))
    need(said.get("reached") in (None, True, False), "reached or not")


def outbox_question(target):
    """(epoch, after, wait)"""
    path, _, query = target.partition("?")
    need(path == "/federation/v1/outbox", "another path")
    members = {}
    for part in query.split("&"):
        name, mark, value = part.partition("=")
        need(mark and name not in members, "a member twice, or without a value")
        members[name] = value
    for name in ("after", "wait"):
        text = members.get(name, "0")
        need(re.fullmatch("0|[1-9][0-9]*", text) and int(text) < 2**63 - 1, "another spelling of a number")
    need("after" in members, "after what?")
    if "epoch" in members:
        unbase32(members["epoch"], 16)
    return members.get("epoch"), int(members["after"]), min(int(members.get("wait", "0")), 25)


def offered(data):
    said = json_object(data)
    standing(said)
    if said["activities"]:
        return batch(data)
    unbase32(said["epoch"], 16)
    number(said["from"], 1)
    return said


def acknowledgement(data):
    said = json_object(data)
    unbase32(said["epoch"], 16)
    number(said["ack"])
    need(len(said["results"]) <= 100, "too many results")
    for result in said["results"]:
        number(result["seq"], 1)
        need("code" in result or result["verdict"] != "refused", "a refusal without a reason")
    return said


def parting(text, node, keyid):
    """The keyids that a home's last word names, if it ends the connection in which `keyid` is used."""
    said = verify_activity(text, node_id(node))
    need(said["kind"] == "node.remove" and said["home"] == node, "not the end of a connection, or of another home's")
    keys = said["object"]["keys"]
    need(len(keys) <= 16 and keyid in keys, "the end of another connection")
    return keys


def words(data):
    said = json_object(data)
    need("epoch" in said and isinstance(said.get("words"), list) and len(said["words"]) <= 100, "not words")
    unbase32(said["epoch"], 16)
    before = 0
    for word in said["words"]:
        before = number(word.get("id"), before + 1)
        unbase64url(word["activity"], 32)
        need("code" in word or word["verdict"] != "refused", "a refusal without a reason")
    if said.get("heard") is not None:
        unbase32(said["heard"]["epoch"], 16)
        number(said["heard"]["id"])
    return said


# --- Section 8b: comparing -----------------------------------------------------------------------------------------


def slot(label, *ids):
    parts = [b"hearth/1 slot " + label.encode()] + [unuuid(each).bytes for each in ids]
    return str(uuid.UUID(bytes=sha256(frame(*parts))[:16]))


def life(said):
    unbase32(said["epoch"], 16)
    unbase32(said["run"]["id"], 16)
    need(said["run"]["starts"] >= 1, "starts are counted from 1")


def page(said, after):
    names = [unuuid(thing["slot"]) for thing in said["things"]]
    need(len(names) <= 1000 and names == sorted(set(names)), "the things must rise")
    need(not (after and names) or names[0] > unuuid(after), "a page follows the one before")
    need(names or not said["more"], "more after nothing")
    for thing in said["things"]:
        hlc(thing["at"])
        need(len(thing["kind"]) <= 64, "the kind")
    assert isinstance(said["fetching"], bool) and isinstance(said.get("offer", False), bool)


def given(said):
    life(said)
    need(1 <= len(said["slots"]) <= 100 and len(said["activities"]) <= len(said["slots"]), "too few or too many")
    need(not (said.get("until") and said.get("after")) or unuuid(said["until"]) > unuuid(said["after"]), "it must lead on")
    for each in said["slots"]:
        unuuid(each)
    return [activity(text) for text in said["activities"]]


# --- The vectors ---------------------------------------------------------------------------------------------------


class Vector:
    """A part of the file that remembers what was looked at."""

    def __init__(self, value, name):
        self.value, self.name, self.seen = value, name, set()
        self.inner = {}

    def __getitem__(self, key):
        self.seen.add(key)
        value = self.value[key]
        if isinstance(value, (dict, list)) and value:
            return self.inner.setdefault(key, Vector(value, f"{self.name}.{key}"))
        return value

    def all(self):
        """The plain value, looked at as a whole."""
        self.inner.clear()
        self.seen.update(self._keys())
        return self.value

    def _keys(self):
        return self.value.keys() if isinstance(self.value, dict) else range(len(self.value))

    def __iter__(self):
        return iter([self[key] for key in self._keys()])

    def unseen(self):
        for key in self._keys():
            if key not in self.seen:
                yield f"{self.name}.{key}"
        for inner in self.inner.values():
            yield from inner.unseen()


def equal(found, expected):
    assert found == expected, f"{found!r} instead of {expected!r}"


def check_keys(v):
    node, person, secret = (bytes.fromhex(v[name]) for name in ("node_secret", "person_secret", "pair_secret"))
    equal(base32(curves.ed25519_public(node)), v["node_id"])
    equal(grouped(v["node_id"]), v["node_id_shown"])
    equal(ungrouped(v["node_id_shown"]), v["node_id"])
    equal(base32(curves.ed25519_public(person)), v["person_public"])
    equal(key_id(secret), v["pair_secret_keyid"])


def check_addresses(v):
    for each in v.all():
        address(each)


def check_clock(v, keys):
    tie = unbase32(keys["node_id"])[:6]
    equal(hlc(v["first"]), (v["now_ms"], 0, tie))
    equal(hlc(v["second"]), (v["now_ms"], 1, tie))
    rising = v["rising"].all()
    equal(sorted(rising), rising)
    equal(sorted(rising, key=hlc), rising)
    clamped = v["far_ahead"]
    ms, counter, tie = hlc(clamped["stamp"])
    latest = clamped["received_ms"] + 10 * 60 * 1000
    assert ms > latest
    equal(hlc(clamped["counts_as"]), (latest, 0xFFFF, tie))


def check_activity(v, keys):
    person, node = bytes.fromhex(keys["person_secret"]), bytes.fromhex(keys["node_secret"])
    said = verify_activity(v["jws"], curves.ed25519_public(person))
    equal(unbase64url(v["jws"].split(".")[1]).decode(), v["payload"])
    equal(base64url(curves.ed25519_sign(person, v["jws"].rpartition(".")[0].encode())), v["jws"].rpartition(".")[2])
    equal(json.loads(v["payload"]), said)
    stated = verify_identity(v["identity_jws"])
    equal((stated["puid"], stated["home"]), (said["actor"], said["home"]))
    equal(unbase32(stated["key"]), curves.ed25519_public(person))
    equal(said["home"], base32(curves.ed25519_public(node)))
    by_node = verify_activity(v["node_jws"], curves.ed25519_public(node))
    assert by_node["kind"].startswith("node.")


def check_ids(v, now_ms):
    *made, older = v.all()
    equal([said["names"] for said in made], ["post", "comment", "person"])
    for said in made:
        id_is_theirs(said)
        first = int.from_bytes(Halves(said["id"]).head, "big")
        equal((first >> 16, first >> 12 & 15), (now_ms, 8))
    equal(made[1]["post"], made[0]["id"])
    equal(Halves(older["id"]).version_bits, 7)
    id_is_theirs(older)


def check_invite(v):
    plain = read_invite(v["link"])
    for name in ("node_id", "token", "expires"):
        equal(plain[name], v[name])
    equal(plain["addresses"], v["addresses"].all())
    for each in plain["addresses"]:
        address(each)
    equal(plain["scope"], (0, None))
    equal(invite_id(bytes.fromhex(v["token"])), v["invite_id"])
    equal(read_invite(v["link"].upper()), plain)
    equal(read_invite(v["link_for_group"]["link"])["scope"], (1, v["link_for_group"]["group"]))


def check_pairing(v, only=None, holds=None, met=None):
    token = bytes.fromhex(v["token"])
    request, hello, first_nonce, first_key, first_proof = pairing_message(v["request"], "request")
    answer, hello2, second_nonce, second_key, second_proof = pairing_message(v["answer"], "answer")
    joiner, inviter = (curves.ed25519_public(bytes.fromhex(v[name])) for name in ("joiner_secret", "inviter_secret"))
    equal((hello["node"], hello["to"]), (base32(joiner), base32(inviter)))
    equal((hello2["node"], hello2["to"]), (base32(inviter), base32(joiner)))
    equal((hello["invite"], hello2["invite"]), (invite_id(token), invite_id(token)))
    equal((hello.get("only"), hello2.get("only")), (only, only))
    equal((hello.get("holds"), hello2.get("holds")), (holds, holds))
    equal((hello.get("met"), hello2.get("met")), (met, met))
    transcript = sha256(frame(b"hearth/1 pair", request, answer))
    equal(transcript.hex(), v["transcript"])
    proof_key = hkdf(b"", token, b"hearth/1 pair proof")
    equal(mac(proof_key, sha256(frame(b"hearth/1 pair request", request))), first_proof)
    equal(mac(proof_key, transcript), second_proof)
    ephemeral = bytes.fromhex(v["joiner_ephemeral_secret"])
    equal(curves.x25519(ephemeral), first_key)
    info = frame(b"hearth/1 pair secret", joiner, inviter, transcript)
    secret = hkdf(first_nonce + second_nonce, shared(ephemeral, second_key) + token, info)
    equal(secret.hex(), v["pair_secret"])
    equal(key_id(secret), v["keyid"])
    indices = words_of(transcript)
    equal(indices, v["words"]["indices"].all())
    for language in ("en", "de"):
        words = (WORDS / f"{language}.txt").read_text("utf-8").split()
        equal(len(words), 1024)
        equal([words[index] for index in indices], v["words"][language].all())


def check_limited_pairing(v):
    only = v["only"].all()
    equal(read_invite(v["link"])["scope"], (4, only["id"]))
    equal(only["scope"], "person")
    check_pairing(v, only, [], {"times": 0})


def present(met):
    """Which connection is held: what was not counted is before all that was."""
    return (met["times"], unbase32(met["invite"])) if "invite" in met else (-1, b"")


def check_meetings(v):
    most = 2**32 - 1
    for case in v["both"]:
        case = case.all()
        joiner, inviter = case["joiner"], case["inviter"]
        first, second = present(joiner), present(inviter)
        equal("joiner" if first < second else "inviter" if second < first else None, case["ends"])
        times = max(joiner["times"], inviter["times"])
        later = joiner if first > second else inviter
        goes_on = {"times": times} | ({"invite": later["invite"]} if "invite" in later else {})
        equal(goes_on, case["going_on"])
        equal({"times": min(times + 1, most), "invite": v["invite"]}, case["begun"])


def check_renewing(v, rotation, keys):
    request, answer = json_object(v["request"].encode()), json_object(v["answer"].encode())
    equal(request.pop("present"), key_id(bytes.fromhex(keys["pair_secret"])))
    equal((request, answer), (rotation["initiator_part"], rotation["responder_part"]))


def check_ends(v, keys):
    node, keyid = keys["node_id"], v["signed_with"]
    equal(keyid, keys["pair_secret_keyid"])
    closed = verify_activity(v["sub_close"], node_id(node))
    equal((closed["kind"], unuuid(closed["actor"]).int, closed["home"]), ("sub.close", 0, node))
    equal(closed["object"]["only"]["scope"], "person")
    equal(parting(v["node_remove"], node, keyid), [keyid])
    problem = json_object(v["answer"].encode())
    equal((problem["code"], problem["status"], problem["parting"]), ("not_connected", 403, v["node_remove"]))


def check_fetching(v, batches):
    epoch, after, wait = outbox_question(v["question"])
    equal(outbox_question(v["first_question"]), (None, 0, 0))
    given, nothing = offered(v["given"].encode()), offered(v["nothing"].encode())
    life(given)
    equal((given["epoch"], given["from"], wait), (epoch, after + 1, 25))
    equal((nothing["epoch"], nothing["from"], nothing["activities"]), (epoch, after + 1, []))
    said = acknowledgement(v["acknowledgement"].encode())
    equal({"ack": said["ack"], "results": said["results"]}, json.loads(batches["receipt"]))
    equal([result["seq"] for result in said["results"]], [entry["seq"] for entry in given["activities"]])
    settled = json_object(v["settled"].encode())
    standing(settled)
    equal(settled["ack"], said["ack"])
    turned_away = acknowledgement(v["turned_away"].encode())
    equal((turned_away["ack"], turned_away["results"], turned_away["refused"]), (0, [], "epoch_changed"))


def check_later(v, jws_text):
    said, answered = words(v["said"].encode()), words(v["answered"].encode())
    for word in said["words"]:
        equal(unbase64url(word["activity"]), sha256(jws_text.encode()))
    equal([word["verdict"] for word in said["words"]], ["applied", "refused"])
    equal(answered["heard"], {"epoch": said["epoch"], "id": said["words"][-1]["id"]})


def check_rotation(v):
    present = bytes.fromhex(v["present_secret"])
    initiator, responder = unbase32(v["initiator"], 32), unbase32(v["responder"], 32)
    mine = bytes.fromhex(v["initiator_ephemeral_secret"])
    first, second = v["initiator_part"], v["responder_part"]
    keys = [unbase64url(part["ephemeral"], 32) for part in (first, second)]
    nonces = [unbase64url(part["nonce"], 32) for part in (first, second)]
    equal(curves.x25519(mine), keys[0])
    info = frame(b"hearth/1 rotation", initiator, responder, *keys)
    following = hkdf(nonces[0] + nonces[1], shared(mine, keys[1]) + present, info)
    equal(following.hex(), v["next_secret"])
    equal(key_id(following), v["next_keyid"])


def check_request(v, own_id, now_s):
    secret = bytes.fromhex(v["pair_secret"])
    equal(verify_request(v.all(), own_id, now_s, secret), v["base"])


def check_answer(v, secret, nonce):
    equal(verify_answer(v.all(), nonce, secret), v["base"])


def check_batch(v):
    said = batch(v["batch"].encode())
    receipt = json_object(v["receipt"].encode())
    verdicts = {result["seq"]: result["verdict"] for result in receipt["results"]}
    for entry in said["activities"]:
        assert verdicts[entry["seq"]] in ("applied", "duplicate", "overtaken", "waiting", "refused")
    assert all("code" in result for result in receipt["results"] if result["verdict"] == "refused")
    equal(receipt["ack"], max(verdicts))


def check_comparing(v):
    names = v["slots"]
    post, person, actor = names["post"], names["person"], names["actor"]
    equal(names["reaction"].all(), [slot("reaction", post, actor)])
    equal(names["friend_and_remove"].all(), [slot("friend", actor, person), slot("friend.remove", actor, person)])
    digest, answer, offer, wanted, give = (
        json_object(v[name].encode()) for name in ("digest", "page", "offer", "wanted", "give")
    )
    life(digest)
    need(1 <= digest["limit"] <= 1000, "the limit")
    page(answer, None)
    assert answer["offer"] and answer["answered_until"] == digest["answered_until"]
    life(offer)
    page(offer, offer.get("after"))
    assert wanted["open"] and set(wanted["wanted"]) <= {thing["slot"] for thing in offer["things"]}
    equal([said["post"] for said in given(give)], wanted["wanted"])
    equal(give["until"], offer["things"][-1]["slot"])
    assert give["last"]
    recall, recalled = json_object(v["recall"].encode()), json_object(v["recalled"].encode())
    need(1 <= len(recall["slots"]) <= 100, "too few or too many")
    equal(recalled["looked_at"], len(recall["slots"]))
    equal([activity(text)["post"] for text in recalled["activities"]], recall["slots"][:1])


def refusers(vectors):
    """What must refuse the vectors of `refused`, by their kind."""
    keys = vectors["keys"]
    own, secret = keys["node_id"], bytes.fromhex(keys["pair_secret"])
    person = unbase32(keys["person_public"], 32)
    now_s = vectors["clock"]["now_ms"] // 1000
    nonce = signature_input(vectors["request_with_body"]["headers"]["signature-input"])[1]["nonce"]
    zero = vectors["pairing"]["joiner_ephemeral_secret"]
    return {
        "node_id": node_id,
        "node_id_shown": ungrouped,
        "address": address,
        "clock": hlc,
        "id": id_is_theirs,
        "invite": read_invite,
        "activity": lambda text: verify_activity(text, person),
        "identity": verify_identity,
        "request": lambda message: verify_request(message, own, now_s, secret),
        "answer": lambda message: verify_answer(message, nonce, secret),
        "pairing_request": lambda text: pairing_message(text, "request"),
        "x25519": lambda text: shared(bytes.fromhex(zero), bytes.fromhex(text)),
        "batch": lambda text: batch(text.encode()),
        "words": lambda text: words(text.encode()),
        "outbox_question": outbox_question,
        "parting": lambda text: parting(text, own, keys["pair_secret_keyid"]),
    }


def check_refused(v, vectors):
    kinds = refusers(vectors)
    met = set()
    for case in v:
        kind, why = case["kind"], case["why"]
        met.add(kind)
        value = case["value"]
        value = value.all() if isinstance(value, Vector) else value
        try:
            kinds[kind](value)
        except Refused:
            continue
        raise AssertionError(f"{kind}: {why}: not refused")
    equal(sorted(met), sorted(kinds))


def last_word(said, by):
    own = [word for word in said if word["by"] == by]
    return max(own, key=lambda word: hlc(word["at"]), default=None)


def wishes(said, by):
    """Whether somebody's wish to be friends stands."""
    last = last_word(said, by)
    if last is None or last["word"] not in ("request", "accept"):
        return False
    removed = [hlc(word["at"]) for word in said if word["word"] == "remove"]
    return all(hlc(last["at"]) > at for at in removed)


def is_shown(said, by, to):
    if not wishes(said, by) or wishes(said, to):
        return False
    declined = [hlc(word["at"])[0] for word in said if (word["by"], word["word"]) == (to, "decline")]
    return not declined or hlc(last_word(said, by)["at"])[0] >= max(declined) + 30 * 24 * 3600 * 1000


def check_friendships(path):
    """What section 6b makes of the words of two people."""
    stories = json.loads(path.read_text("utf-8"))
    for story in stories:
        said = story["words"]
        since = None
        if wishes(said, "a") and wishes(said, "b"):
            since = max(hlc(last_word(said, by)["at"])[0] for by in "ab")
        equal(story["friends_since"], since)
        equal(story["a_is_shown_to_b"], is_shown(said, "a", "b"))
        equal(story["b_is_shown_to_a"], is_shown(said, "b", "a"))
    assert any(story["friends_since"] for story in stories)
    return len(stories)


def main(path, friendships):
    curves.self_test()
    vectors = Vector(json.loads(path.read_text("utf-8")), "vectors")
    equal(vectors["protocol"], "hearth/1")
    plain = vectors.value
    keys = vectors["keys"]
    now_s = plain["clock"]["now_ms"] // 1000
    own, secret = plain["keys"]["node_id"], bytes.fromhex(plain["keys"]["pair_secret"])
    nonce = signature_input(plain["request_with_body"]["headers"]["signature-input"])[1]["nonce"]
    checks = {
        "keys": check_keys,
        "addresses": check_addresses,
        "clock": lambda v: check_clock(v, plain["keys"]),
        "activity": lambda v: check_activity(v, plain["keys"]),
        "ids": lambda v: check_ids(v, plain["clock"]["now_ms"]),
        "invite": check_invite,
        "pairing": check_pairing,
        "rotation": check_rotation,
        "request_with_body": lambda v: check_request(v, own, now_s),
        "request_without_body": lambda v: check_request(v, own, now_s),
        "request_without_query": lambda v: check_request(v, own, now_s),
        "answer": lambda v: check_answer(v, secret, nonce),
        "batch": check_batch,
        "comparing": check_comparing,
        "fetching": lambda v: check_fetching(v, plain["batch"]),
        "later": lambda v: check_later(v, plain["activity"]["jws"]),
        "limited_pairing": check_limited_pairing,
        "renewing": lambda v: check_renewing(v, plain["rotation"], plain["keys"]),
        "ends": lambda v: check_ends(v, plain["keys"]),
        "meetings": check_meetings,
        "refused": lambda v: check_refused(v, plain),
    }
    for name, check in checks.items():
        try:
            check(vectors[name])
        except (AssertionError, Refused, KeyError, ValueError) as error:
            sys.exit(f"{name}: {type(error).__name__}: {error}")
    unseen = list(vectors.unseen())
    if unseen:
        sys.exit("Nothing checks " + ", ".join(unseen))
    try:
        stories = check_friendships(friendships)
    except (AssertionError, Refused, KeyError, ValueError) as error:
        sys.exit(f"friendships: {type(error).__name__}: {error}")
    print(
        f"{len(checks)} kinds of vectors, {len(plain['refused'])} of them refused as they must be, "
        f"{stories} friendships"
    )


if __name__ == "__main__":
    named = [Path(text) for text in sys.argv[1:3]]
    usual = [ROOT / "docs" / "protocol-vectors.json", ROOT / "docs" / "friendship-vectors.json"]
    main(*named, *usual[len(named) :])
