// Command gateway is apimulator: Azure API Management on this machine.
//
// Without a command it serves: a gateway that runs APIM policy documents
// unchanged, an emulated Entra ID, managed identity and Azure OpenAI. See
// `gateway --help` for the commands.
//
// Exit status: 0; 1 findings, failures or deviations; 2 usage or unusable input;
// 3 internal error.
//
// Not affiliated with Microsoft.
package main
