package service

// Secrets are the texts that nothing may show, and what stands for each: named values by
// their names, keys by their subscriptions, and *** for what stands in clear in policies.
func (s *Service) Secrets() map[string]string {
	shown := make(map[string]string)
	for name, value := range s.NamedValues {
		shown[value] = "{{" + name + "}}"
	}
	for id, c := range s.Deployment.Connections {
		shown[c.Authorization.AccessToken] = "(token of " + id.Provider + "/" + id.Authorization + ")"
	}
	for id, b := range s.Deployment.Backends {
		for _, text := range b.Credentials.Secrets() {
			if _, named := shown[text]; !named {
				shown[text] = "(credential of backend " + id + ")"
			}
		}
	}
	for _, sub := range s.Subscriptions {
		for _, key := range []string{sub.View.PrimaryKey, sub.View.SecondaryKey} {
			shown[key] = "(key of " + sub.View.ID + ")"
		}
	}
	if s.Cache != nil {
		shown[s.Cache.Password] = "(password of the cache)"
	}
	for name, l := range s.Loggers {
		if l.Hub != nil {
			shown[l.Hub.Key] = "(key of logger " + name + ")"
		}
	}
	for _, text := range s.passwords {
		shown[text] = "(password of a certificate)"
	}
	for _, text := range s.inClear {
		shown[text] = "***"
	}
	delete(shown, "")
	return shown
}
