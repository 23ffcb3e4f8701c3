"""A municipality's sign-in service (OpenID Connect): the way there with PKCE, and what its answer is worth."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from styrhjul.services.foundation.secret import is_same
from styrhjul.services.sign_in.network import AddressRefused, Reach, options

#: Signatures by a key pair alone: with a shared secret, or none, anybody could write what we believe.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384")
#: New keys are asked for when an unknown one signs, but no more often; and known ones do not live for ever.
KEYS_AT_MOST_EVERY = timedelta(minutes=5)
_KEYS_LIVE = timedelta(hours=1)
_DISCOVERY_LIVES = timedelta(hours=24)
_LEEWAY_SECONDS = 60
_SCOPE = "openid email"


class ProviderDown(RuntimeError):
    """The service does not answer, or not as such a service does. Nobody gets in meanwhile."""


class AnswerRefused(ValueError):
    """What came back from the service is not believed; the message is for the log and has nothing personal in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSettings:
    """What a municipality has agreed with its service. The secret is out of its seal here and nowhere else."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    discovery_url: str
    vouches: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """What a browser takes with it, sealed, on the way there and back."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Journey:
        """Draw one at random."""
        return cls(state=secrets.token_urlsafe(32), nonce=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(48))


class Provider:
    """One municipality's service, with what it has told of itself. Safe to share between threads."""

    def __init__(self, settings: ProviderSettings, reach: Reach) -> None:
        self.settings = settings
        self._reach = reach
        self._lock = Lock()
        self._told: dict[str, Any] = {}
        self._told_at: datetime | None = None
        self._keys: KeySet | None = None
        self._keys_at: datetime | None = None

    def address(self, journey: Journey, redirect_uri: str, now: datetime) -> str:
        """Return where to send the browser. Raises ProviderDown."""
        told = self._discovered(now)
        with self._client(redirect_uri) as client:
            url, _ = client.create_authorization_url(
                told["authorization_endpoint"],
                state=journey.state,
                nonce=journey.nonce,
                code_verifier=journey.verifier,
            )
        return str(url)

    def vouched_address(self, code: str, journey: Journey, redirect_uri: str, now: datetime) -> str:
        """Exchange a code and return the e-mail address that the service vouches for, in lower case.

        Raises ProviderDown and AnswerRefused.
        """
        told = self._discovered(now)
        try:
            with self._client(redirect_uri) as client:
                answer = client.fetch_token(
                    told["token_endpoint"],
                    code=code,
                    code_verifier=journey.verifier,
                    grant_type="authorization_code",
                )
        except AuthlibBaseError as error:
            raise AnswerRefused(f"the code was not exchanged: {error.error}") from None
        except (httpx2.HTTPError, AddressRefused, ValueError) as error:
            raise ProviderDown(type(error).__name__) from None
        return self._believed(answer.get("id_token"), journey, now)

    def check(self, now: datetime) -> None:
        """Ask the service for what it tells of itself and for its keys, once. Raises ProviderDown."""
        self._discovered(now)
        self._key_set(now, kid=None)

    def _believed(self, id_token: object, journey: Journey, now: datetime) -> str:
        if not isinstance(id_token, str):
            raise AnswerRefused("no id_token")
        try:
            kid = _header_of(id_token).get("kid")
            token = jwt.decode(id_token, self._key_set(now, kid=kid), algorithms=list(ALGORITHMS))
            times = jwt.JWTClaimsRegistry(
                now=int(now.timestamp()), leeway=_LEEWAY_SECONDS, exp={"essential": True}, iat={"essential": True}
            )
            times.validate(token.claims)
        except (JoseError, ValueError, TypeError) as error:
            raise AnswerRefused(f"id_token: {type(error).__name__}") from None
        return self._address_in(token.claims, journey)

    def _address_in(self, claims: dict[str, Any], journey: Journey) -> str:
        wanted, audience = self.settings, claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        if claims.get("iss") != wanted.issuer:
            raise AnswerRefused("another issuer")
        if wanted.client_id not in audiences:
            raise AnswerRefused("another audience")
        if (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != wanted.client_id:
            raise AnswerRefused("another authorized party")
        if not is_same(journey.nonce, str(claims.get("nonce", ""))):
            raise AnswerRefused("another nonce")
        address, verified = claims.get("email"), claims.get("email_verified", wanted.vouches or None)
        if not isinstance(address, str) or not address:
            raise AnswerRefused("no address")
        if verified is not True:
            raise AnswerRefused("an address that is not verified")
        return address.strip().lower()

    def _discovered(self, now: datetime) -> dict[str, Any]:
        with self._lock:
            if self._told_at is None or not now - _DISCOVERY_LIVES < self._told_at <= now:
                self._told = self._checked(self._fetched(self.settings.discovery_url))
                self._told_at = now
            return self._told

    def _checked(self, told: dict[str, Any]) -> dict[str, Any]:
        if told.get("issuer") != self.settings.issuer:
            raise ProviderDown("discovery names another issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            try:
                self._reach.check(httpx2.URL(str(told.get(name))))
            except (AddressRefused, httpx2.InvalidURL) as error:
                raise ProviderDown(f"{name}: {error}") from None
        return told

    def _key_set(self, now: datetime, *, kid: str | None) -> KeySet:
        """Return the keys, asked for anew when old or when one is unknown, but not within five minutes."""
        told = self._discovered(now)
        with self._lock:
            kept, at = self._keys, self._keys_at
            if kept is not None and at is not None and at <= now:
                is_known = kid is None or any(key.kid == kid for key in kept.keys)
                if now - at < (_KEYS_LIVE if is_known else KEYS_AT_MOST_EVERY):
                    return kept
            fetched = self._fetched(told["jwks_uri"])
            try:
                self._keys = KeySet.import_key_set({"keys": _for_signing(fetched)})
            except (JoseError, ValueError, KeyError, TypeError) as error:
                raise ProviderDown(f"keys: {type(error).__name__}") from None
            self._keys_at = now
            return self._keys

    def _fetched(self, url: str) -> dict[str, Any]:
        try:
            with httpx2.Client(**options(self._reach)) as web:
                answer = web.get(url, headers={"Accept": "application/json"})
                answer.raise_for_status()
                found = answer.json()
        except (httpx2.HTTPError, httpx2.InvalidURL, AddressRefused, ValueError) as error:
            raise ProviderDown(str(error) if isinstance(error, AddressRefused) else type(error).__name__) from None
        if not isinstance(found, dict):
            raise ProviderDown("no JSON object")
        return found

    def _client(self, redirect_uri: str) -> OAuth2Client:
        methods = self._told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        basic = "client_secret_basic" in methods
        return OAuth2Client(
            client_id=self.settings.client_id,
            client_secret=self.settings.client_secret,
            token_endpoint_auth_method="client_secret_basic" if basic else "client_secret_post",
            scope=_SCOPE,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            **options(self._reach),
        )


class Providers:
    """The services of all municipalities, each apart from the others, kept as long as its settings stand."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self._kept: dict[str, Provider] = {}

    def of(self, municipality_id: str, settings: ProviderSettings) -> Provider:
        """Return a municipality's service; a new one when its settings have changed."""
        kept = self._kept.get(municipality_id)
        if kept is None or kept.settings != settings:
            kept = self._kept[municipality_id] = Provider(settings, self.reach)
        return kept


def _header_of(id_token: str) -> dict[str, Any]:
    from joserfc.jws import extract_compact  # noqa: PLC0415 - only to know which key is asked for

    return dict(extract_compact(id_token.encode()).headers())


def _for_signing(fetched: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the public keys that may sign; what is for encryption, or shared, is none."""
    keys = fetched["keys"]
    return [key for key in keys if key.get("use", "sig") == "sig" and key.get("kty") in ("RSA", "EC")]
