import type { CommandGroup } from "@jumpstarter/lib/program";

const load = {
  create: () => import("./create.ts"),
  createPolicy: () => import("./create_policy.ts"),
  get: () => import("./get.ts"),
  delete: () => import("./delete.ts"),
  import: () => import("./import.ts"),
  rotate: () => import("./rotate.ts"),
  cluster: () => import("./cluster_command.ts"),
};

const cluster = {
  does: "Not here: a lab needs no Kubernetes; see jmp-controller run",
  load: async () => (await load.cluster()).clusterCommand,
};

/** `jmp admin`. */
export const admin: CommandGroup = {
  does: "Administer a lab: its clients, exporters, leases and policies",
  isAliased: true,
  commands: {
    create: {
      does: "Make clients, exporters and policies",
      isAliased: true,
      commands: {
        client: {
          does: "Make a client, and the file with which it connects",
          load: async () => (await load.create()).createClient,
        },
        exporter: {
          does: "Make an exporter, and the file with which it connects",
          load: async () => (await load.create()).createExporter,
        },
        policy: {
          does: "Say which clients may lease which exporters",
          load: async () => (await load.createPolicy()).createPolicy,
        },
        cluster,
      },
    },
    get: {
      does: "Show clients, exporters, leases, policies, and what happened",
      isAliased: true,
      commands: {
        client: { does: "Show clients", load: async () => (await load.get()).getClient },
        exporter: { does: "Show exporters", load: async () => (await load.get()).getExporter },
        lease: {
          does: "Show who has which exporter, and who waits",
          load: async () => (await load.get()).getLease,
        },
        policy: {
          does: "Show who may lease what",
          load: async () => (await load.get()).getPolicy,
        },
        audit: {
          does: "Show what happened: leases, and what exporters tell",
          load: async () => (await import("./get_audit.ts")).getAudit,
        },
        cluster,
      },
    },
    delete: {
      does: "Delete clients, exporters, leases and policies",
      isAliased: true,
      commands: {
        client: {
          does: "Delete a client",
          load: async () => (await load.delete()).deleteClient,
        },
        exporter: {
          does: "Delete an exporter; its leases go with it",
          load: async () => (await load.delete()).deleteExporter,
        },
        lease: {
          does: "Delete a lease; its exporter is free",
          load: async () => (await load.delete()).deleteLease,
        },
        policy: {
          does: "Delete a policy; without any, everybody may lease everything",
          load: async () => (await load.delete()).deletePolicy,
        },
        cluster,
      },
    },
    rotate: {
      does: "Give clients and exporters other tokens",
      isAliased: true,
      commands: {
        client: {
          does: "Give a client another token; the one before is not taken any more",
          load: async () => (await load.rotate()).rotateClient,
        },
        exporter: {
          does: "Give an exporter another token; the one before is not taken any more",
          load: async () => (await load.rotate()).rotateExporter,
        },
      },
    },
    import: {
      does: "Write the files of clients and exporters that are there",
      commands: {
        client: {
          does: "Write the file of a client that is there",
          load: async () => (await load.import()).importClient,
        },
        exporter: {
          does: "Write the file of an exporter that is there",
          load: async () => (await load.import()).importExporter,
        },
      },
    },
    version: {
      does: "Show the version",
      load: async () => (await import("../version.ts")).version,
    },
  },
};
