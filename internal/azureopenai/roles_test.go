package azureopenai

import "testing"

func TestRoles(t *testing.T) {
	const (
		chat     = "Microsoft.CognitiveServices/accounts/OpenAI/deployments/chat/completions/action"
		speech   = "Microsoft.CognitiveServices/accounts/SpeechServices/action"
		finetune = "Microsoft.CognitiveServices/accounts/OpenAI/fine-tunes/write"
		models   = "microsoft.cognitiveservices/accounts/openai/models/READ"
	)
	for name, want := range map[string][4]bool{ // of chat, speech, finetune, models
		"Cognitive Services OpenAI User":        {true, false, false, true},
		"cognitive services openai contributor": {true, false, true, true},
		"a97b65f3-24c7-4388-baec-2e87135dc908":  {true, true, true, true},
		"Azure AI Developer":                    {true, false, true, true},
		"53CA6127-DB72-4B80-B1B0-D745D6D5456D":  {true, true, true, true},
		"Cognitive Services Contributor":        {false, false, false, false},
		"Owner":                                 {false, false, false, false},
		"Contributor":                           {false, false, false, false},
		"Reader":                                {false, false, false, false},
	} {
		r, err := findRole(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := [4]bool{r.allows(chat), r.allows(speech), r.allows(finetune), r.allows(models)}; got != want {
			t.Errorf("%s: got %t, want %t for chat, speech, fine-tuning and reading models", name, got, want)
		}
	}
}
