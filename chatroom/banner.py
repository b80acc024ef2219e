"""What the start shows on the terminal: by which address people enter, and where the data is."""

import locale
import os
import socket
from ipaddress import IPv4Address
from typing import TextIO

import ifaddr
import segno

from chatroom.options import Settings

# Interfaces of containers and virtual machines on this one: no phone comes in by them.
INNER = ("docker", "br-", "veth", "virbr", "lo")
WORDS = {
    "en": (
        "The room is open.",
        "here",
        "in your network",
        "public",
        "data",
        "To own this server, open this once, and tell nobody:",
    ),
    "zh": (
        "聊天室开好了。",
        "本机",
        "局域网",
        "公网",
        "数据",
        "要当这台服务器的主人，就打开下面的链接（只能用一次，不要给别人）：",
    ),
}
# Never sent to: the kernel only chooses the interface (RFC 5737, TEST-NET-1).
SOMEWHERE_ELSE = ("192.0.2.1", 9)


def banner(
    settings: Settings, port: int | None, out: TextIO, owner_secret: str | None = None
) -> str:
    """Compose the text for a terminal `out`; the QR code only where it can be seen.

    With a secret, it has the link that makes the server's owner.
    """
    opened, here, nearby, public, data, own = WORDS["zh" if _is_chinese() else "en"]
    lines = [opened]
    shared: list[str] = []
    if settings.public_url is not None:
        shared = [settings.public_url + "/"]
        lines.append(f"  {shared[0]}  ({public})")
    elif port is not None:
        scheme = "http" if settings.certificate is None else "https"
        lines.append(f"  {scheme}://localhost:{port}/  ({here})")
        shared = [f"{scheme}://{address}:{port}/" for address in addresses()]
        lines.extend(f"  {address}  ({nearby})" for address in shared)
    lines.extend(f"  {description}" for description in settings.listen)
    if shared and out.isatty() and _shows_blocks(out):
        lines += ["", qr_code(shared[0])]
    lines.append(f"  {data}: {settings.data}")
    if owner_secret is not None and (page := page_of(settings, port)) is not None:
        lines += [own, f"  {owner_link(page, owner_secret)}"]
    return "\n".join(lines) + "\n"


def page_of(settings: Settings, port: int | None) -> str | None:
    """Give the page's address as others reach it, or at least this machine; None: nobody knows."""
    if settings.public_url is not None:
        return settings.public_url + "/"
    if port is None:
        return None
    scheme = "http" if settings.certificate is None else "https"
    return f"{scheme}://{next(iter(addresses()), 'localhost')}:{port}/"


def owner_link(page: str, secret: str) -> str:
    """Give the link that makes the server's owner; what is behind # is sent to no server."""
    return f"{page}#own={secret}"


def qr_code(text: str) -> str:
    """Draw a QR code with half blocks, dark on light as scanners want it."""
    rows = [[bool(module) for module in row] for row in segno.make(text).matrix_iter(border=2)]
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    # Light modules are drawn, since terminals are mostly dark.
    blocks = {(True, True): " ", (False, False): "█", (False, True): "▀", (True, False): "▄"}
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return "\n".join(
        "  " + "".join(blocks[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in pairs
    )


def addresses() -> list[str]:
    """Give this machine's addresses in local networks, the one of the default route first."""
    found = [
        str(address.ip)
        for adapter in ifaddr.get_adapters()
        for address in adapter.ips
        if address.is_IPv4 and not adapter.nice_name.startswith(INNER)
    ]
    usable = [
        each
        for each in dict.fromkeys(found)
        if not (IPv4Address(each).is_loopback or IPv4Address(each).is_link_local)
    ]
    default = _address_of_default_route()
    return sorted(usable, key=lambda address: address != default)


def _address_of_default_route() -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(SOMEWHERE_ELSE)
        except OSError:
            return None
        address: str = probe.getsockname()[0]
        return address


def _is_chinese() -> bool:
    # Python forgets a language that the system names but has not installed, as on most Debians.
    named = filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG")))
    language = next(named, None) or locale.getlocale()[0] or ""
    return language.lower().startswith(("zh", "chinese"))


def _shows_blocks(out: TextIO) -> bool:
    try:
        "█▀▄".encode(out.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
