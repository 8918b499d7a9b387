import assert from "node:assert/strict";
import { test } from "node:test";

import { Creem } from "creem";

import { sellers } from "./rewrite.mjs";

const { token, keys } = sellers.creem;
const creem = new Creem({ apiKey: token, server: "test" });
const status = (code) => (error) => error.statusCode === code;

test("a license is activated, validated, listed and deactivated", async () => {
  const activated = await creem.licenses.activate({ key: keys.good, instanceName: "laptop" });
  assert.equal(activated.status, "active");
  assert.equal(activated.instance.name, "laptop");
  const seat = { key: keys.good, instanceId: activated.instance.id };
  assert.equal((await creem.licenses.validate(seat)).instance.status, "active");
  const names = [];
  for await (const page of await creem.licenses.listInstances(activated.id)) {
    names.push(...page.result.items.map((instance) => instance.name));
  }
  assert.deepEqual(names, ["laptop"]);
  const deactivated = await creem.licenses.deactivate(seat);
  assert.equal(deactivated.instance.status, "deactivated");
});

test("every kind of key is read", async () => {
  for (const [role, key] of Object.entries(keys)) {
    const activate = creem.licenses.activate({ key, instanceName: "laptop" });
    if (["good", "unlimited", "subscribed"].includes(role)) {
      assert.ok((await activate).instance, role);
    } else {
      await assert.rejects(activate, (error) => error.statusCode >= 400, role);
    }
  }
});

test("errors have their status", async () => {
  await assert.rejects(creem.licenses.activate({ key: "AAAAA-AAAAA", instanceName: "x" }), status(404));
  await assert.rejects(creem.customers.listLicenses("cust_unknown"), status(404));
  const stranger = new Creem({ apiKey: "creem_test_stranger", server: "test" });
  await assert.rejects(stranger.licenses.activate({ key: keys.good, instanceName: "x" }), status(403));
});
