# A program as the samples have it: it signs its user in with MSAL and asks for a
# chat completion through API Management. It knows nothing of an emulator.
import os

import msal
import requests

app = msal.PublicClientApplication(os.environ["AZURE_CLIENT_ID"], authority=os.environ["AZURE_AUTHORITY"])
result = app.acquire_token_interactive(scopes=[os.environ["AZURE_SCOPE"]])
if "access_token" not in result:
    raise SystemExit(f"{result.get('error')}: {result.get('error_description')}")

response = requests.post(
    os.environ["OPEN_AI_COMPLETION_ENDPOINT"],
    headers={
        "Authorization": f"Bearer {result['access_token']}",
        "Ocp-Apim-Subscription-Key": os.environ["APIM_SUBSCRIPTION_KEY"],
        "Ocp-Apim-Trace": "true",
    },
    json={"messages": [{"role": "user", "content": "I need a reliable and affordable car"}]},
    timeout=30,
)
response.raise_for_status()
print(response.json()["choices"][0]["message"]["content"])
