import assert from "node:assert/strict";
import { test } from "node:test";

import {
  activateLicense,
  deactivateLicense,
  getLicenseKey,
  getLicenseKeyInstance,
  lemonSqueezySetup,
  listLicenseKeyInstances,
  listLicenseKeys,
  updateLicenseKey,
  validateLicense,
} from "@lemonsqueezy/lemonsqueezy.js";

import { sellers } from "./rewrite.mjs";

const { token, keys } = sellers.lemonsqueezy;
lemonSqueezySetup({ apiKey: token });

const read = ({ statusCode, error, data }) => {
  assert.equal(error, null);
  assert.equal(statusCode, 200);
  return data;
};

test("a license key is activated, validated and deactivated", async () => {
  const activated = read(await activateLicense(keys.good, "laptop"));
  assert.equal(activated.activated, true);
  assert.equal(activated.license_key.status, "active");
  const seat = activated.instance.id;
  const validated = read(await validateLicense(keys.good, seat));
  assert.deepEqual([validated.valid, validated.instance.name], [true, "laptop"]);
  assert.equal(read(await deactivateLicense(keys.good, seat)).deactivated, true);
  assert.equal((await validateLicense(keys.good, seat)).data.valid, false);
});

test("every kind of key has its verdict", async () => {
  for (const [role, key] of Object.entries(keys)) {
    const { data } = await validateLicense(key);
    const good = !["expired", "disabled", "refunded"].includes(role);
    assert.equal(data.valid, good, `${role}: ${JSON.stringify(data)}`);
  }
});

test("a refusal has its message", async () => {
  const unknown = await validateLicense("00000000-0000-4000-8000-000000000000");
  assert.deepEqual([unknown.data.valid, unknown.data.error], [false, "license_key not found."]);
  const full = await activateLicense(keys.full, "another");
  assert.deepEqual([full.statusCode, full.data.activated], [400, false]);
});

test("the seller lists, reads and changes keys", async () => {
  const page = read(await listLicenseKeys({ page: { size: 100 } }));
  assert.ok(page.data.length > 3);
  const [first] = page.data;
  const { attributes } = read(await getLicenseKey(first.id)).data;
  assert.equal(attributes.key, first.attributes.key);
  const changed = read(await updateLicenseKey(first.id, { activationLimit: 7, disabled: true, expiresAt: null }));
  assert.deepEqual([changed.data.attributes.activation_limit, changed.data.attributes.status], [7, "disabled"]);
  read(await updateLicenseKey(first.id, { disabled: false }));
  read(await activateLicense(keys.unlimited, "desktop"));
  const instances = read(await listLicenseKeyInstances({ include: [] })).data;
  assert.ok(instances.some(({ attributes }) => attributes.name === "desktop"));
  const [instance] = instances;
  assert.equal(read(await getLicenseKeyInstance(instance.id)).data.id, instance.id);
});

test("an unknown id and a wrong token are errors", async () => {
  assert.equal((await getLicenseKey(999999999)).statusCode, 404);
  lemonSqueezySetup({ apiKey: "a-stranger" });
  assert.equal((await listLicenseKeys()).statusCode, 401);
});
