// Passkeys (WebAuthn). A form with data-passkey="create" or "get" first asks the browser for a
// passkey, then is sent with the answer in its field "credential". What to ask for stands in the
// element that data-options names, or is fetched from the address in data-options-at.

import { say } from "./messages.js";

const UNUSABLE =
  "Passkeys work only over https, at this site's own address. Log in with your password instead.";
const REASONS = {
  NotAllowedError: "Nothing was done: you stopped it, or it took too long. Try again.",
  InvalidStateError: "This device has a passkey for your account already.",
  SecurityError: UNUSABLE,
  NotSupportedError: "This device can not make the kind of passkey that we need. Try another one.",
};

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

function words(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function unpack(options) {
  const known = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));
  const unpacked = { ...options, challenge: bytes(options.challenge) };
  if (options.user) unpacked.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) unpacked.excludeCredentials = known(options.excludeCredentials);
  if (options.allowCredentials) unpacked.allowCredentials = known(options.allowCredentials);
  return unpacked;
}

function pack(credential) {
  const { response } = credential;
  const packed = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature"]) {
    if (response[name]) packed[name] = words(response[name]);
  }
  if (response.getTransports) packed.transports = response.getTransports();
  if ("userHandle" in response) packed.userHandle = response.userHandle && words(response.userHandle);
  return {
    id: credential.id,
    rawId: words(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: packed,
  };
}

async function optionsOf(form) {
  const { options, optionsAt } = form.dataset;
  if (options) return JSON.parse(document.getElementById(options).textContent).publicKey;
  const answer = await fetch(optionsAt, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} from ${optionsAt}`);
  return (await answer.json()).request_options.publicKey;
}

async function create(form) {
  const publicKey = unpack(await optionsOf(form));
  const alone = form.elements.passwordless?.checked ?? false;
  publicKey.authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    ...(alone && { userVerification: "required" }),
  };
  return navigator.credentials.create({ publicKey });
}

async function get(form) {
  return navigator.credentials.get({ publicKey: unpack(await optionsOf(form)) });
}

async function ask(form) {
  if (!window.PublicKeyCredential) {
    say(UNUSABLE, "error");
    return;
  }
  try {
    const credential = await (form.dataset.passkey === "create" ? create(form) : get(form));
    form.elements.credential.value = JSON.stringify(pack(credential));
    form.submit();
  } catch (error) {
    say(REASONS[error.name] ?? "That did not work. Reload the page and try again.", "error");
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(form);
  });
}
